import { type GraphQLSchema, isAbstractType } from 'graphql';
import type { FetchNode } from '../../planning/plan.ts';
import { GatewayError } from '../errors.ts';
import { groupByContext } from './contextual-arguments.ts';
import type { Entity } from './entities.ts';
import { fetchedKeys } from './fetched-keys.ts';
import { merge } from './merge.ts';
import { isObject, type Json, readOwn, writeOwn } from './own.ts';
import type { Ask, SubgraphRequest, SubgraphResponse } from './reply.ts';
import { buildRepresentation } from './representation.ts';
import { applyRewrites, rewritePath } from './rewrites.ts';
import {
  type Path,
  type ReportedError,
  type ResponseError,
  readReportedErrors,
  toFetchError,
} from './subgraph-error.ts';

/** What every fetch of one request needs. */
export interface FetchContext {
  readonly schema: GraphQLSchema;
  /** As the client sent them: defaults are part of each fetch's own text. */
  readonly variables: Json;
  readonly ask: Ask;
  /** The data gathered so far, from the root. */
  readonly root: Json;
}

/**
 * Runs one fetch for the objects it is for and merges what it brings into them.
 *
 * @returns the errors of it, at the client's paths; a fetch that fails as a whole has one for each field it was for, or one for
 *   the list that its objects are in, and the rest goes on
 */
export async function runFetch(
  context: FetchContext,
  node: FetchNode,
  entities: readonly Entity[],
): Promise<ResponseError[]> {
  if (entities.length === 0) return [];
  const groups = groupByContext(context.schema, context.root, entities, node.contextRewrites);
  const errors = await Promise.all(
    groups.map(({ entities: group, variables }) => {
      const all = { ...pickVariables(context.variables, node.variableUsages), ...variables };
      return node.requires === undefined
        ? fetchRoot(context, node, group, all)
        : fetchEntities(context, node, group, all);
    }),
  );
  return errors.flat();
}

/** The fields of a root type, merged into each of the objects: one, unless a payload type leads back to `Query`. */
async function fetchRoot(
  context: FetchContext,
  node: FetchNode,
  entities: readonly Entity[],
  variables: Json,
): Promise<ResponseError[]> {
  let response: SubgraphResponse;
  try {
    response = await context.ask(toRequest(node, variables));
  } catch (error) {
    return failurePaths(node, entities).map((path) => toFetchError(node.serviceName, error, path));
  }
  const { data, errors } = response;
  applyRewrites(context.schema, node.outputRewrites, data);
  if (isObject(data)) for (const { object } of entities) merge(object, data);
  return readReportedErrors(node.serviceName, errors).flatMap((error) =>
    entities.map(({ path }) => place(error, [...path, ...rewritePath(node.outputRewrites, error.path ?? [])])),
  );
}

/** Fields of entities: equal representations are sent once, and each answer goes to all the objects it stands for. */
async function fetchEntities(
  context: FetchContext,
  node: FetchNode,
  entities: readonly Entity[],
  variables: Json,
): Promise<ResponseError[]> {
  const { representations, targets } = gather(context.schema, node, entities);
  if (representations.length === 0) return [];
  const all = targets.flat();
  let response: SubgraphResponse;
  try {
    response = await context.ask(toRequest(node, { ...variables, representations }));
    checkEntities(node, response, representations.length);
  } catch (error) {
    return failurePaths(node, all).map((path) => toFetchError(node.serviceName, error, path));
  }

  const received = isObject(response.data) ? (readOwn(response.data, '_entities') as unknown[]) : [];
  received.forEach((entity, index) => {
    if (!isObject(entity)) return;
    applyRewrites(context.schema, node.outputRewrites, entity);
    for (const { object } of targets[index] ?? []) mergeEntity(context.schema, object, entity);
  });

  return readReportedErrors(node.serviceName, response.errors).flatMap((error) => {
    const [root, index, ...rest] = error.path ?? [];
    const shared = root === '_entities' && typeof index === 'number' ? targets[index] : undefined;
    if (shared === undefined) return [place(error, commonPath(all))];
    const rewritten = rewritePath(node.outputRewrites, rest);
    return shared.map(({ path }) => place(error, [...path, ...rewritten]));
  });
}

/** A subgraph that knows an entity by its interface only (`@interfaceObject`) does not undo that its type is known. */
function mergeEntity(schema: GraphQLSchema, target: Json, { __typename: typename, ...fields }: Json): void {
  const isKnown =
    Object.hasOwn(target, '__typename') && typeof typename === 'string' && isAbstractType(schema.getType(typename));
  merge(target, isKnown || typename === undefined ? fields : { ...fields, __typename: typename });
}

function gather(
  schema: GraphQLSchema,
  node: FetchNode,
  entities: readonly Entity[],
): { representations: Json[]; targets: Entity[][] } {
  const places = new Map<string, Entity[]>();
  const representations: Json[] = [];
  for (const entity of entities) {
    const representation = buildRepresentation(schema, entity.object, node.requires ?? []);
    if (representation === undefined) continue;
    applyRewrites(schema, node.inputRewrites, representation);
    const key = JSON.stringify(representation);
    const sharing = places.get(key);
    if (sharing !== undefined) {
      sharing.push(entity);
    } else {
      places.set(key, [entity]);
      representations.push(representation);
    }
  }
  return { representations, targets: [...places.values()] };
}

/** An answer without data is fine when its errors say why. @throws {GatewayError} */
function checkEntities(node: FetchNode, { data, errors }: SubgraphResponse, expected: number): void {
  if (!isObject(data)) {
    if (errors.length > 0) return;
  } else {
    const received = readOwn(data, '_entities');
    if (Array.isArray(received) && received.length === expected) return;
  }
  throw new GatewayError(
    'SUBGRAPH_INVALID_RESPONSE',
    `Subgraph "${node.serviceName}" did not answer with the ${expected} entities it was asked for.`,
  );
}

function toRequest({ serviceName, operation, operationName }: FetchNode, variables: Json): SubgraphRequest {
  return { subgraph: serviceName, query: operation, operationName, variables };
}

function pickVariables(variables: Json, names: readonly string[] | undefined): Json {
  const picked: Json = {};
  for (const name of names ?? []) if (Object.hasOwn(variables, name)) writeOwn(picked, name, variables[name]);
  return picked;
}

function place({ message, extensions }: ReportedError, path: Path): ResponseError {
  return path.length === 0 ? { message, extensions } : { message, path, extensions };
}

/** Where a whole fetch failed: at each field that it was to bring to one object; at the object, if it was only to tell its type; at the list that holds many. */
function failurePaths(node: FetchNode, entities: readonly Entity[]): Path[] {
  const common = commonPath(entities);
  const keys = entities.every(({ path }) => path.length === common.length) ? fetchedKeys(node) : [];
  return keys.length === 0 ? [common] : keys.map((key) => [...common, key]);
}

/** Where many objects are: at the object, or at the list that holds the objects. */
function commonPath(entities: readonly Entity[]): Path {
  const [first, ...others] = entities.map(({ path }) => path);
  if (first === undefined) return [];
  const length = others.reduce((shared, path) => {
    const difference = first.slice(0, shared).findIndex((step, index) => step !== path[index]);
    return difference === -1 ? shared : difference;
  }, first.length);
  return first.slice(0, length);
}
