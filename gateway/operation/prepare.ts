import { hash } from 'node:crypto';
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLFormattedError,
  getVariableValues,
  type OperationDefinitionNode,
  parse,
} from 'graphql';
import type { Work } from '../../planning/planner-threads.ts';
import { GatewayError } from '../errors.ts';
import type { Json } from '../execution/own.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import { GraphQLErrors } from './graphql-errors.ts';
import { checkSize, isTokenLimitError, limitError, type OperationLimits } from './limits.ts';
import { measureText } from './measure-text.ts';
import type { OperationMemo } from './operation-memo.ts';
import { explainRefusal } from './planning-errors.ts';
import { withoutSuggestion } from './suggestions.ts';
import { hasMoreTokens } from './token-count.ts';

/** A query text made ready, once: it parses, keeps the limits and fits the schema. */
export interface Prepared {
  readonly text: string;
  /** SHA-256 of the text, in hexadecimal digits. */
  readonly hash: string;
  readonly document: DocumentNode;
  readonly operations: readonly OperationDefinitionNode[];
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

export interface PrepareRequest {
  readonly supergraph: Supergraph;
  readonly text: string;
  /** Who asks: clients take turns in having their new operations validated and planned. */
  readonly client: string;
}

/** Gives what is ready at once, so that an operation that is known costs no waiting. */
export type Prepare = (request: PrepareRequest) => Prepared | Promise<Prepared>;

export interface PrepareOptions {
  readonly limits: OperationLimits;
  /** Whether `__schema` and `__type` are answered, and whether errors suggest names; by default both. */
  readonly introspection?: boolean;
  readonly suggestions?: boolean;
  readonly memoOf: (supergraph: Supergraph) => OperationMemo;
}

/**
 * What a prepared text takes in memory: its tokens and nodes, each with its place, and those of the document that is
 * planned. The heap grew by 83 on the cold operations of `test/bench` and by 102 on texts of 3 kB.
 */
const BYTES_PER_CHARACTER = 110;

/**
 * Makes the function that readies query texts. Parsing and counting are linear and done here; validation is not, and done in
 * the planner's threads.
 *
 * @throws {GraphQLErrors | GatewayError} from the returned function, at once or as a rejection
 */
export function createPrepare(options: PrepareOptions): Prepare {
  const { limits, introspection = true, suggestions = true, memoOf } = options;
  return ({ supergraph, text, client }) => {
    const { texts } = memoOf(supergraph);
    return texts.get(text) ?? texts.share(text, client, () => begin(supergraph, text, client));
  };

  function begin(supergraph: Supergraph, text: string, client: string): Work<Prepared> {
    const document = parseWithin(limits, introspection, text);
    const { result, join } = supergraph.planner.validate(text, client);
    return { result: result.then(check, rethrow), join };

    function check(errors: readonly GraphQLFormattedError[]): Prepared {
      if (errors.some(isAborted)) {
        throw new GatewayError(
          'OPERATION_LIMIT_EXCEEDED',
          `The operation exceeds the limit fieldComparisons: to tell which of its fields are the same takes more than ${MOST_COMPARISONS} steps. Repeat fewer of them.`,
          { extensions: { limit: 'fieldComparisons', bound: MOST_COMPARISONS } },
        );
      }
      if (errors.length > 0)
        throw new GraphQLErrors('GRAPHQL_VALIDATION_FAILED', suggestions ? errors : errors.map(withoutSuggestion));
      const prepared = toPrepared(text, document);
      memoOf(supergraph).texts.keep(text, prepared, text.length * BYTES_PER_CHARACTER);
      return prepared;
    }
  }
}

function rethrow(error: unknown): never {
  throw explainRefusal(error);
}

function parseWithin(limits: OperationLimits, introspection: boolean, text: string): DocumentNode {
  if (hasMoreTokens(text, limits.maxTokens)) throw limitError('maxTokens', undefined, limits.maxTokens);
  try {
    const sizes = measureText(text);
    for (const size of sizes ?? []) checkSize(size, limits, introspection);
    const document = parse(text, { maxTokens: limits.maxTokens });
    if (sizes === undefined) throw notExecutable(document);
    return document;
  } catch (error) {
    if (isTokenLimitError(error)) throw limitError('maxTokens', undefined, limits.maxTokens);
    if (error instanceof GraphQLError) throw new GraphQLErrors('GRAPHQL_PARSE_FAILED', [error.toJSON()]);
    // With limits that are set so high, the parser runs out of stack on what is nested thousands of levels deep.
    if (error instanceof RangeError) throw limitError('maxDepth', undefined, limits.maxDepth);
    throw error;
  }
}

/** For what parses, and is neither an operation nor a fragment: it could not be measured. */
function notExecutable({ definitions }: DocumentNode): GraphQLErrors {
  const other = definitions.find((node) => node.kind !== 'OperationDefinition' && node.kind !== 'FragmentDefinition');
  const message = `A document has operations and fragments, and nothing else: there is a ${other?.kind ?? 'definition'}.`;
  return new GraphQLErrors('GRAPHQL_VALIDATION_FAILED', [
    new GraphQLError(message, other === undefined ? {} : { nodes: other }).toJSON(),
  ]);
}

function toPrepared(text: string, document: DocumentNode): Prepared {
  return {
    text,
    hash: hash('sha256', text),
    document,
    operations: document.definitions.filter((node) => node.kind === 'OperationDefinition'),
    fragments: new Map(
      document.definitions.flatMap((node) =>
        node.kind === 'FragmentDefinition' ? [[node.name.value, node] as const] : [],
      ),
    ),
  };
}

/** The bound of graphql-js 16.15 on finding fields that may overlap. It is no option. */
const MOST_COMPARISONS = 500_000;

/** graphql-js stops comparing fields that may overlap when there are too many of them. */
function isAborted({ message }: GraphQLFormattedError): boolean {
  return message === 'Validation aborted.';
}

/**
 * Picks the operation to run (specification, 6.1 "GetOperation").
 *
 * @throws {GatewayError} `OPERATION_RESOLUTION_FAILURE`
 */
export function selectOperation({ operations }: Prepared, name: string | undefined): OperationDefinitionNode {
  const names = operations.map((operation) => operation.name?.value ?? '(anonymous)').join(', ');
  if (name !== undefined && name !== '') {
    const named = operations.find((operation) => operation.name?.value === name);
    if (named !== undefined) return named;
    throw new GatewayError(
      'OPERATION_RESOLUTION_FAILURE',
      `There is no operation named "${name}"; the document has: ${names || 'none'}.`,
    );
  }
  const [only, ...others] = operations;
  if (only === undefined)
    throw new GatewayError('OPERATION_RESOLUTION_FAILURE', 'The document has no operation, only fragments.');
  if (others.length > 0)
    throw new GatewayError(
      'OPERATION_RESOLUTION_FAILURE',
      `The document has several operations; name one with operationName: ${names}.`,
    );
  return only;
}

/**
 * Applies defaults and coercion to the client's variables (specification, 6.1.2).
 *
 * @param suggestions whether errors suggest names
 * @throws {GatewayError} `BAD_USER_INPUT`, with one message for each variable that is wrong
 */
export function coerceVariables(
  { apiSchema }: Supergraph,
  operation: OperationDefinitionNode,
  variables: Json,
  suggestions = true,
): Json {
  const { variableDefinitions = [] } = operation;
  if (variableDefinitions.length === 0) return {};
  const { coerced, errors } = getVariableValues(apiSchema, variableDefinitions, variables, {
    maxErrors: 20,
  });
  if (errors !== undefined) {
    const told = errors.map((error) => error.toJSON());
    throw new GraphQLErrors('BAD_USER_INPUT', suggestions ? told : told.map(withoutSuggestion));
  }
  return coerced;
}
