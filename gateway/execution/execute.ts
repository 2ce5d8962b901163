import { isObjectType } from 'graphql';
import { GatewayError } from '../errors.ts';
import { NOTHING_REFUSED } from './access-decision.ts';
import { toClientPath } from './client-path.ts';
import type { CompiledOperation } from './compile.ts';
import type { Run } from './compile-fetch.ts';
import { type Completed, complete } from './complete.ts';
import { introspect } from './introspect.ts';
import type { Json } from './own.ts';
import type { Ask } from './reply.ts';
import type { ResponseError } from './subgraph-error.ts';

/** What one request brings to a compiled operation. */
export interface ExecutionRequest {
  /** As the client sent them: what goes to the subgraphs. */
  readonly variables: Json;
  /** With defaults and coercion applied: what conditions look at. */
  readonly coercedVariables: Json;
  readonly ask: Ask;
  /** What the client sees of an error; by default all of it. */
  readonly showError?: ((error: ResponseError) => ResponseError) | undefined;
  /** Told of the data that was gathered, by the plan's keys, before the answer is written from it. */
  readonly onData?: ((data: Json) => void) | undefined;
}

export interface ExecutionResult {
  readonly data: Json | null;
  readonly errors: readonly ResponseError[];
}

/** An answer ready to be sent. */
export interface Executed {
  /** The response, JSON in UTF-8. */
  readonly body: Buffer;
  /** What went wrong, as it is in the response. That fields were refused, which is in it as well, is not among it. */
  readonly errors: readonly ResponseError[];
}

/** The data of all fetches in one tree, by the plan's keys. */
interface Gathered {
  readonly run: Run;
  readonly errors: readonly ResponseError[];
}

/**
 * Executes an operation into the body of its response, JSON in UTF-8: fetches what the plan says, then writes the answer, by the fast way
 * when all is as it should be. What a subgraph fails to bring becomes nulls and errors; it never becomes a throw.
 */
export async function executeToBytes(operation: CompiledOperation, request: ExecutionRequest): Promise<Executed> {
  try {
    const gathered = await gather(operation, request);
    const { run, errors } = gathered;
    request.onData?.(run.root);
    const written = errors.length === 0 ? operation.write?.(run.root, run.shared) : undefined;
    if (written !== undefined) return { body: withRefusals(written, operation.refusals?.(run.root)), errors };
    const { data, errors: faults, refusals } = completeGathered(operation, request, gathered);
    const told = [...faults, ...refusals];
    return { body: Buffer.from(JSON.stringify(told.length === 0 ? { data } : { errors: told, data })), errors: faults };
  } catch (error) {
    // What is nested ten thousand levels deep can be parsed, and not walked.
    if (!(error instanceof RangeError)) throw error;
    throw new GatewayError('SUBGRAPH_INVALID_RESPONSE', 'The answer of a subgraph is nested too deeply.', {
      cause: error,
    });
  }
}

/** Errors stand before the data. */
function withRefusals(written: Buffer, refusals: readonly string[] | undefined): Buffer {
  if (refusals === undefined || refusals.length === 0) return written;
  return Buffer.concat([Buffer.from(`{"errors":[${refusals.join(',')}],`), written.subarray(1)]);
}

/** Executes an operation into values, for those who go on with them. */
export async function execute(operation: CompiledOperation, request: ExecutionRequest): Promise<ExecutionResult> {
  const { data, errors, refusals } = completeGathered(operation, request, await gather(operation, request));
  return { data, errors: [...errors, ...refusals] };
}

async function gather(
  { fetch, plannable }: CompiledOperation,
  { variables, coercedVariables, ask }: ExecutionRequest,
): Promise<Gathered> {
  const run: Run = {
    variables: plannable.rename(variables),
    coercedVariables: plannable.rename(coercedVariables),
    ask,
    root: {},
    shared: new Set(),
    found: new Map(),
  };
  return { run, errors: await fetch(run) };
}

function completeGathered(
  operation: CompiledOperation,
  { variables, coercedVariables, showError = (error) => error }: ExecutionRequest,
  { run: { root }, errors: fetchErrors }: Gathered,
): Completed {
  const { supergraph, operation: definition, fragments, plannable, rootType, decision } = operation;
  const { apiSchema, schema } = supergraph;
  const known = fetchErrors.map((error) => showError(atClientPath(error, operation)));
  const { data, errors, refusals } = complete(
    {
      apiSchema,
      fragments,
      coercedVariables,
      keyOf: plannable.keyOf,
      known,
      introspect: (field) =>
        introspect(
          {
            schema: decision?.visible ?? apiSchema,
            fragments,
            variableDefinitions: definition.variableDefinitions ?? [],
            variables,
          },
          field,
        ),
      isInterfaceObject: (name) => supergraph.planner.interfaceObjects.has(name),
      refused: decision?.refused ?? NOTHING_REFUSED,
      isHidden: (typename) => isObjectType(schema.getType(typename)) && apiSchema.getType(typename) === undefined,
    },
    rootType,
    definition.selectionSet,
    root,
  );
  return { data, errors: [...known, ...errors], refusals };
}

function atClientPath(error: ResponseError, { operation, fragments, plannable }: CompiledOperation): ResponseError {
  if (error.path === undefined) return error;
  return { ...error, path: toClientPath(error.path, operation.selectionSet, { fragments, keyOf: plannable.keyOf }) };
}
