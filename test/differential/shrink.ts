import { type DocumentNode, Kind, parse, print, specifiedRules, validate, visit } from 'graphql';
import { type Difference, findDifference } from './compare.ts';
import type { RunningGraph } from './engine.ts';
import type { Operation } from './generate-operation.ts';

/** Leaves out of an operation what it differs without: selections, then arguments, aliases, directives and variables. */
export async function shrink(graph: RunningGraph, difference: Difference): Promise<Difference> {
  let smallest = difference;
  for (let isSmaller = true; isSmaller; ) {
    isSmaller = false;
    const count = countParts(parse(smallest.operation.query));
    for (let part = 0; part < count; part++) {
      const operation = without(graph, smallest.operation, part);
      const again = operation && (await findDifference(graph, operation));
      if (again === undefined) continue;
      smallest = again;
      isSmaller = true;
      break;
    }
  }
  return smallest;
}

const PARTS = [Kind.FIELD, Kind.INLINE_FRAGMENT, Kind.FRAGMENT_SPREAD, Kind.ARGUMENT, Kind.DIRECTIVE] as const;

function countParts(document: DocumentNode): number {
  let count = 0;
  for (const kind of PARTS) visit(document, { [kind]: () => void count++ });
  visit(document, { Field: ({ alias }) => void (alias !== undefined && count++) });
  return count;
}

/** The operation without one of its parts, when that is still valid. */
function without(graph: RunningGraph, { query, variables }: Operation, part: number): Operation | undefined {
  let index = -1;
  let document = parse(query);
  for (const kind of PARTS) document = visit(document, { [kind]: () => (++index === part ? null : undefined) });
  document = visit(document, {
    Field: (field) => (field.alias !== undefined && ++index === part ? { ...field, alias: undefined } : undefined),
  });
  const text = print(dropUnused(document));
  try {
    if (validate(graph.apiSchema, parse(text), specifiedRules).length > 0) return undefined;
  } catch {
    // A selection set that has become empty does not parse.
    return undefined;
  }
  return { query: text, variables };
}

function dropUnused(document: DocumentNode): DocumentNode {
  const used = new Set<string>();
  visit(document, {
    FragmentSpread: ({ name }) => void used.add(`...${name.value}`),
    SelectionSet: (set) => visit(set, { Variable: ({ name }) => void used.add(`$${name.value}`) }),
  });
  return visit(document, {
    FragmentDefinition: ({ name }) => (used.has(`...${name.value}`) ? undefined : null),
    VariableDefinition: ({ variable }) => (used.has(`$${variable.name.value}`) ? undefined : null),
  });
}
