import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { type DocumentNode, GraphQLError, parse, print, specifiedRules, validate } from 'graphql';
import { REQUEST_BOUNDS, RequestBoundsRule } from '../../../registry/rover/request-bounds.ts';
import { readSchema } from '../../../registry/rover/type-definitions.ts';
import { ROVER_BINARY } from '../../support/rover.ts';

/** Operations that rover sends to other servers: subgraphs that it introspects, and its vendor's templates. */
const FOR_OTHERS = /^(GraphIntrospect|SubgraphIntrospect|ListTemplates|GetTemplate)/;

/** Every operation inside the binary: it holds the texts of its documents as they are. */
function findDocuments(): ReadonlyMap<string, DocumentNode> {
  const bytes = readFileSync(ROVER_BINARY, 'latin1');
  const documents = new Map<string, DocumentNode>();
  for (const { index, 2: name = '' } of bytes.matchAll(/(query|mutation)\s+([A-Z]\w+)\s*[({]/g)) {
    const document = parseOperationAt(bytes, index);
    if (document !== undefined && !FOR_OTHERS.test(name)) documents.set(name, document);
  }
  return documents;
}

function parseOperationAt(text: string, start: number): DocumentNode | undefined {
  let depth = 0;
  let inParentheses = 0;
  for (let at = start; at < text.length && at < start + 20_000; at++) {
    const letter = text[at];
    if (letter === '(') inParentheses++;
    else if (letter === ')') inParentheses--;
    else if (inParentheses === 0 && letter === '{') depth++;
    else if (inParentheses === 0 && letter === '}' && --depth === 0) {
      return tryParse(text.slice(start, at + 1));
    }
  }
  return undefined;
}

function tryParse(text: string): DocumentNode | undefined {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof GraphQLError) return undefined;
    throw error;
  }
}

describe('the documents inside the rover binary', () => {
  const schema = readSchema();
  const documents = findDocuments();

  it('are found', () => {
    expect(documents.size).toBe(50);
    expect([...documents.keys()]).toEqual(
      expect.arrayContaining(['SubgraphPublishMutation', 'SubgraphCheckWorkflowQuery', 'SupergraphFetchQuery']),
    );
  });

  it.each([...documents])('%s is valid against the schema of the registry', (_name, document) => {
    expect(validate(schema, document, [...specifiedRules, RequestBoundsRule]).map(({ message }) => message)).toEqual(
      [],
    );
    expect(() => parse(print(document), { maxTokens: REQUEST_BOUNDS.tokens })).not.toThrow();
  });
});
