import type { GraphQLSchema } from 'graphql';
import type { FetchDataRewrite } from '../../planning/plan.ts';
import { isObject, type Json, readOwn, writeOwn } from './own.ts';
import { matchesType } from './type-condition.ts';

const FRAGMENT = '... on ';

/**
 * Applies the planner's rewrites to a representation before it is sent (`ValueSetter`: the type's name as that subgraph
 * knows it) or to what came back (`KeyRenamer`: an alias the planner made becomes the client's key again). In place.
 */
export function applyRewrites(
  schema: GraphQLSchema,
  rewrites: readonly FetchDataRewrite[] | undefined,
  value: unknown,
): void {
  for (const rewrite of rewrites ?? []) {
    const parents = rewrite.path.slice(0, -1);
    const key = rewrite.path.at(-1) ?? '';
    forEachAt(schema, parents, value, (object) => {
      if (rewrite.kind === 'ValueSetter') {
        writeOwn(object, key, rewrite.setValueTo);
      } else if (Object.hasOwn(object, key)) {
        writeOwn(object, rewrite.renameKeyTo, object[key]);
        delete object[key];
      }
    });
  }
}

/** A subgraph's error path in the client's words: the keys that `KeyRenamer` gives back. */
export function rewritePath(
  rewrites: readonly FetchDataRewrite[] | undefined,
  path: readonly (string | number)[],
): (string | number)[] {
  const rewritten = [...path];
  for (const rewrite of rewrites ?? []) {
    if (rewrite.kind !== 'KeyRenamer') continue;
    const keys = rewrite.path.filter((step) => !step.startsWith(FRAGMENT));
    const positions = positionsOfKeys(path).slice(0, keys.length);
    const last = positions.at(-1);
    if (
      last !== undefined &&
      positions.length === keys.length &&
      positions.every((position, index) => path[position] === keys[index])
    ) {
      rewritten[last] = rewrite.renameKeyTo;
    }
  }
  return rewritten;
}

function positionsOfKeys(path: readonly (string | number)[]): number[] {
  return path.flatMap((step, position) => (typeof step === 'string' ? [position] : []));
}

function forEachAt(
  schema: GraphQLSchema,
  path: readonly string[],
  value: unknown,
  visit: (object: Json) => void,
): void {
  if (Array.isArray(value)) {
    for (const item of value) forEachAt(schema, path, item, visit);
    return;
  }
  if (!isObject(value)) return;
  const [step, ...rest] = path;
  if (step === undefined) {
    visit(value);
  } else if (step.startsWith(FRAGMENT)) {
    // An object without `__typename` was not asked for it because it can be of one type only.
    const typename = readOwn(value, '__typename');
    if (typeof typename !== 'string' || matchesType(schema, typename, step.slice(FRAGMENT.length)))
      forEachAt(schema, rest, value, visit);
  } else {
    forEachAt(schema, rest, readOwn(value, step), visit);
  }
}
