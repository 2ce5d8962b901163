import type { FetchNode } from '../../planning/plan.ts';
import { GatewayError } from '../errors.ts';
import type { FetchBranch } from './branch.ts';
import { type Entity, entitiesAt } from './entities.ts';
import type { Json } from './own.ts';
import { rewritePath } from './rewrites.ts';
import {
  type Path,
  type ReportedError,
  type ResponseError,
  readReportedErrors,
  toFetchError,
} from './subgraph-error.ts';

/**
 * The errors of a fetch, at their places in the data: looked for only when there are errors, because fetching itself needs
 * no places.
 */

/** A fetch in the data of one request. */
export interface PlacedFetch extends FetchBranch {
  readonly keys: readonly string[];
  readonly root: Json;
}

/**
 * A fetch that failed as a whole, for these objects: one error for each field that it was to bring to one object; at the
 * object, if it was only to tell its type; at the list, if its objects are in one.
 */
export function toFailure(fetch: PlacedFetch, error: unknown, objects: readonly Json[]): ResponseError[] {
  return fetch.paths.flatMap((path) => {
    const places = placesOf({ root: fetch.root, paths: [path] }, objects);
    if (places.length === 0) return [];
    const common = commonPath(places);
    const keys = places.every((place) => place.length === common.length) ? fetch.keys : [];
    const failed = keys.length === 0 ? [common] : keys.map((key) => [...common, key]);
    return failed.map((at) => toFetchError(fetch.node.serviceName, error, at));
  });
}

/** The errors that a subgraph reported for the fields of a root type, at all the objects that these were for. */
export function toRootErrors(
  fetch: PlacedFetch,
  errors: readonly unknown[],
  objects: readonly Json[],
): ResponseError[] {
  const { serviceName, outputRewrites } = fetch.node;
  const places = placesOf(fetch, objects);
  return readReportedErrors(serviceName, errors).flatMap((error) =>
    places.map((path) => place(error, [...path, ...rewritePath(outputRewrites, error.path ?? [])])),
  );
}

/**
 * The errors that a subgraph reported for entities: each at all the places that its entity stands for.
 *
 * @param targets the objects of each representation, in the order of these
 */
export function toEntityErrors(
  fetch: PlacedFetch,
  errors: readonly unknown[],
  targets: readonly (readonly Json[])[],
): ResponseError[] {
  const { serviceName, outputRewrites } = fetch.node;
  return readReportedErrors(serviceName, errors).flatMap((error) => {
    const [root, index, ...rest] = error.path ?? [];
    const shared = root === '_entities' && typeof index === 'number' ? targets[index] : undefined;
    if (shared === undefined) return [place(error, commonPath(placesOf(fetch, targets.flat())))];
    const rewritten = rewritePath(outputRewrites, rest);
    return placesOf(fetch, shared).map((path) => place(error, [...path, ...rewritten]));
  });
}

/** For an answer to a fetch of entities that has another number of them. */
export function wrongCount({ serviceName }: FetchNode, expected: number): GatewayError {
  return new GatewayError(
    'SUBGRAPH_INVALID_RESPONSE',
    `Subgraph "${serviceName}" did not answer with the ${expected} entities it was asked for.`,
  );
}

/** The entities that a fetch is for, with their places. */
export function entitiesOf({ root, paths }: Pick<PlacedFetch, 'root' | 'paths'>): Entity[] {
  return paths.flatMap((path) => entitiesAt([{ object: root, path: [] }], path));
}

function placesOf(fetch: Pick<PlacedFetch, 'root' | 'paths'>, objects: readonly Json[]): Path[] {
  const wanted = new Set(objects);
  return entitiesOf(fetch).flatMap(({ object, path }) => (wanted.has(object) ? [path] : []));
}

function place({ message, extensions }: ReportedError, path: Path): ResponseError {
  return path.length === 0 ? { message, extensions } : { message, path, extensions };
}

/** Where many objects are: at the object, or at the list that holds the objects. */
function commonPath([first, ...others]: readonly Path[]): Path {
  if (first === undefined) return [];
  const length = others.reduce((shared, path) => {
    const difference = first.slice(0, shared).findIndex((step, index) => step !== path[index]);
    return difference === -1 ? shared : difference;
  }, first.length);
  return first.slice(0, length);
}
