import { type GraphQLSchema, isAbstractType, isObjectType } from 'graphql';
import type { FetchNode } from '../../planning/plan.ts';
import { GatewayError } from '../errors.ts';
import type { FetchBranch } from './branch.ts';
import { compileCallText } from './call-text.ts';
import { groupByContext } from './contextual-arguments.ts';
import { compilePaths, type FindObjects } from './entities.ts';
import { entitiesOf, type PlacedFetch, toEntityErrors, toFailure, toRootErrors, wrongCount } from './fetch-errors.ts';
import { readFetched } from './fetched.ts';
import { groupEqual } from './group-equal.ts';
import { compileMerge } from './merge.ts';
import { isObject, type Json, readOwn, writeOwn } from './own.ts';
import type { Ask, SubgraphResponse } from './reply.ts';
import { compileRepresentation } from './representation.ts';
import { applyRewrites } from './rewrites.ts';
import type { ResponseError } from './subgraph-error.ts';

/** What one request brings to the steps of its plan. */
export interface Run {
  /** As the client sent them, by the plan's names: defaults are part of each fetch's own text. */
  readonly variables: Json;
  /** With defaults and coercion applied: what conditions look at. */
  readonly coercedVariables: Json;
  readonly ask: Ask;
  /** The data gathered so far. */
  readonly root: Json;
  /** Lists and objects that stand at several places of the data. */
  readonly shared: Set<object>;
  /** The objects found at paths, as long as no step has brought objects since. */
  readonly found: Map<FindObjects, readonly Json[]>;
}

/** One step of a plan. @returns its errors, in the order of the plan */
export type Step = (run: Run) => Promise<readonly ResponseError[]>;

export const NO_ERRORS: readonly ResponseError[] = [];

export interface FetchOptions {
  readonly schema: GraphQLSchema;
  /** Whether equal entities of a request can still differ, because they stand in different contexts. */
  readonly isContextual: boolean;
  /** Those of this plan, by their paths: fetches for the same objects look for them once. */
  readonly finders: Map<string, FindObjects>;
}

/**
 * Compiles one fetch: what it asks for, and how what it brings is merged into the objects it is for. A fetch that fails
 * costs its own fields; what depends on it finds nothing to fetch for.
 */
export function compileFetch(branch: FetchBranch, { schema, isContextual, finders }: FetchOptions): Step {
  const { node, paths } = branch;
  const find = finders.get(JSON.stringify(paths)) ?? compilePaths(paths);
  finders.set(JSON.stringify(paths), find);
  const callText = compileCallText(node);
  const { keys, isFlat } = readFetched(node);
  const merge = compileMerge(keys);
  const placed = (root: Json): PlacedFetch => ({ ...branch, keys, root });

  /** The fields of a root type, merged into each of the objects: one, unless a payload type leads back to `Query`. */
  async function fetchRoot(run: Run, objects: readonly Json[], variables: Json): Promise<readonly ResponseError[]> {
    let response: SubgraphResponse;
    try {
      response = await run.ask({ node, callText, variables, representations: undefined });
    } catch (error) {
      return toFailure(placed(run.root), error, objects);
    }
    const { data, errors } = response;
    if (isObject(data)) {
      if (node.outputRewrites !== undefined) applyRewrites(schema, node.outputRewrites, data);
      bring(run, objects, data);
    }
    return errors.length === 0 ? NO_ERRORS : toRootErrors(placed(run.root), errors, objects);
  }

  const representation = compileRepresentation(schema, node.requires ?? [], node.inputRewrites);

  /** Fields of entities: equal representations are sent once, and each answer goes to all the objects it stands for. */
  async function fetchEntities(run: Run, objects: readonly Json[], variables: Json): Promise<readonly ResponseError[]> {
    const targets = groupEqual(objects, representation);
    if (targets.size === 0) return NO_ERRORS;
    const representations = inOrder(targets.keys());
    const byIndex = representations.map((text) => targets.get(text) ?? []);
    let response: SubgraphResponse;
    try {
      response = await run.ask({ node, callText, variables, representations });
      checkEntities(node, response, byIndex.length);
    } catch (error) {
      return toFailure(placed(run.root), error, byIndex.flat());
    }
    const { data, errors } = response;
    const received = isObject(data) ? (readOwn(data, '_entities') as unknown[]) : [];
    let strange: Json[] = [];
    received.forEach((entity, index) => {
      const objects = byIndex[index] ?? [];
      if (isObject(entity)) {
        if (node.outputRewrites !== undefined) applyRewrites(schema, node.outputRewrites, entity);
        bring(run, objects, entity);
      } else if (entity !== null && entity !== undefined) strange = strange.concat(objects);
    });
    const reported = errors.length === 0 ? NO_ERRORS : toEntityErrors(placed(run.root), errors, byIndex);
    return strange.length === 0 ? reported : [...reported, ...toFailure(placed(run.root), notEntities(node), strange)];
  }

  /** What came is not copied for each object it is for, except where these can still come to differ. */
  function bring(run: Run, objects: readonly Json[], source: Json): void {
    objects.forEach((object, index) => {
      const own = isContextual && index > 0 ? (copyJson(source) as Json) : source;
      merge(object, own);
      mergeTypename(schema, object, own);
    });
    if (isFlat) return;
    run.found.clear();
    if (objects.length > 1 && !isContextual)
      for (const key of keys) {
        const value = readOwn(source, key);
        if (typeof value === 'object' && value !== null) run.shared.add(value);
      }
  }

  const fetch = node.requires === undefined ? fetchRoot : fetchEntities;
  const { contextRewrites } = node;
  if (contextRewrites === undefined || contextRewrites.length === 0)
    return async (run) => {
      const objects = findOnce(run, find);
      return objects.length === 0 ? NO_ERRORS : fetch(run, objects, run.variables);
    };

  return async (run) => {
    const entities = entitiesOf({ root: run.root, paths });
    const groups = groupByContext(schema, run.root, entities, contextRewrites);
    const errors = await Promise.all(
      groups.map((group) =>
        fetch(
          run,
          group.entities.map(({ object }) => object),
          { ...run.variables, ...group.variables },
        ),
      ),
    );
    return errors.flat();
  };
}

/** More than these are hardly the same twice, and sorting them would cost. */
const MOST_SORTED = 500;

/** Sorted, so that equal sets of entities, met in another order, make equal calls: one request of w1 sends 9 instead of 16. */
function inOrder(representations: Iterable<string>): string[] {
  const texts = [...representations];
  return texts.length > MOST_SORTED ? texts : texts.sort();
}

/** `structuredClone` knows no exact numbers. */
function copyJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyJson);
  if (!isObject(value)) return value;
  const copy: Json = {};
  for (const key of Object.keys(value)) writeOwn(copy, key, copyJson(value[key]));
  return copy;
}

/** Branches side by side, and steps that add scalars to what one brought, look for the same objects. */
function findOnce({ root, shared, found }: Run, find: FindObjects): readonly Json[] {
  let objects = found.get(find);
  if (objects === undefined) {
    objects = find(root, shared.size === 0);
    found.set(find, objects);
  }
  return objects;
}

/**
 * An object whose type is known stays what it is, whatever another subgraph calls it: one that knows it by its interface only
 * (`@interfaceObject`) could not say more. What is known by its interface can become known better.
 */
function mergeTypename(schema: GraphQLSchema, target: Json, { __typename: typename }: Json): void {
  const known = target.__typename;
  if (typename === undefined || typename === known) return;
  if (
    known === undefined ||
    (typeof known === 'string' && isAbstractType(schema.getType(known)) && isObjectName(schema, typename))
  )
    target.__typename = typename;
}

function isObjectName(schema: GraphQLSchema, typename: unknown): boolean {
  return typeof typename === 'string' && isObjectType(schema.getType(typename));
}

function notEntities({ serviceName }: FetchNode): GatewayError {
  return new GatewayError(
    'SUBGRAPH_INVALID_RESPONSE',
    `Subgraph "${serviceName}" answered something else than an entity.`,
  );
}

/** An answer without data is fine when its errors say why. @throws {GatewayError} */
function checkEntities(node: FetchNode, { data, errors }: SubgraphResponse, expected: number): void {
  if (!isObject(data)) {
    if (errors.length > 0) return;
  } else {
    const received = readOwn(data, '_entities');
    if (Array.isArray(received) && received.length === expected) return;
  }
  throw wrongCount(node, expected);
}
