import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  getVariableValues,
  type OperationDefinitionNode,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { GatewayError } from '../errors.ts';
import type { Json } from '../execution/own.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import { GraphQLErrors } from './graphql-errors.ts';
import { checkSize, isTokenLimitError, limitError, type OperationLimits } from './limits.ts';

/** A query text made ready, once: it parses, keeps the limits and fits the schema. */
export interface Prepared {
  readonly document: DocumentNode;
  readonly operations: readonly OperationDefinitionNode[];
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

export interface PrepareOptions {
  readonly limits: OperationLimits;
  /** How much text the memo of one supergraph keeps, in characters; what a prepared operation takes in memory is some fifty times that. */
  readonly memoCharacters: number;
}

export type Prepare = (supergraph: Supergraph, text: string) => Prepared;

/**
 * Makes the function that readies query texts. What is ready is kept per supergraph, and dies with it; refusals are not kept,
 * because nobody sends them often but who means to fill the memory.
 *
 * @throws {GraphQLErrors | GatewayError} from the returned function
 */
export function createPrepare({ limits, memoCharacters }: PrepareOptions): Prepare {
  const memos = new WeakMap<Supergraph, LRUCache<string, Prepared>>();
  return (supergraph, text) => {
    let memo = memos.get(supergraph);
    if (memo === undefined) {
      memo = new LRUCache({ maxSize: memoCharacters, sizeCalculation: (_, key) => key.length + 1 });
      memos.set(supergraph, memo);
    }
    let prepared = memo.get(text);
    if (prepared === undefined) {
      prepared = prepare(supergraph, text, limits);
      memo.set(text, prepared);
    }
    return prepared;
  };
}

function prepare(supergraph: Supergraph, text: string, limits: OperationLimits): Prepared {
  try {
    const document = parse(text, { maxTokens: limits.maxTokens });
    checkSize(document, limits);
    const errors = validate(supergraph.apiSchema, document, specifiedRules, { maxErrors: 100 });
    if (errors.some(isAborted)) {
      throw new GatewayError(
        'OPERATION_LIMIT_EXCEEDED',
        'The operation repeats its fields so often that they cannot be compared in time.',
      );
    }
    if (errors.length > 0) throw new GraphQLErrors('GRAPHQL_VALIDATION_FAILED', errors);
    return {
      document,
      operations: document.definitions.filter((node) => node.kind === 'OperationDefinition'),
      fragments: new Map(
        document.definitions.flatMap((node) =>
          node.kind === 'FragmentDefinition' ? [[node.name.value, node] as const] : [],
        ),
      ),
    };
  } catch (error) {
    if (isTokenLimitError(error)) throw limitError('maxTokens', undefined, limits.maxTokens);
    if (error instanceof GraphQLError) throw new GraphQLErrors('GRAPHQL_PARSE_FAILED', [error]);
    // The parser descends before any depth can be counted, and runs out of stack on what is nested thousands of levels deep.
    if (error instanceof RangeError) throw limitError('maxDepth', undefined, limits.maxDepth);
    throw error;
  }
}

/** graphql-js stops comparing fields that may overlap when there are too many of them. */
function isAborted({ message }: GraphQLError): boolean {
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
 * @throws {GatewayError} `BAD_USER_INPUT`, with one message for each variable that is wrong
 */
export function coerceVariables({ apiSchema }: Supergraph, operation: OperationDefinitionNode, variables: Json): Json {
  const { coerced, errors } = getVariableValues(apiSchema, operation.variableDefinitions ?? [], variables, {
    maxErrors: 20,
  });
  if (errors !== undefined) throw new GraphQLErrors('BAD_USER_INPUT', errors);
  return coerced;
}
