import type { GraphQLSchema } from 'graphql';
import type { FetchDataRewrite } from '../../planning/plan.ts';
import { isObject, type Json, readOwn, writeOwn } from './own.ts';
import { matchesType } from './type-condition.ts';

const FRAGMENT = '... on ';

/**
 * Applies the planner's rewrites to what came back: an alias that the planner made becomes the client's key again
 * (`KeyRenamer`). In place. (Those of a representation are part of how it is written: see representation.ts.)
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

/** The rewrites that hold on an object of a type, with their paths from there; of an unknown type, all may hold. */
export function rewritesOn(
  schema: GraphQLSchema,
  rewrites: readonly FetchDataRewrite[],
  typename: string | undefined,
): FetchDataRewrite[] {
  return rewrites.flatMap((rewrite) => {
    const start = rewrite.path.findIndex((step) => !step.startsWith(FRAGMENT));
    const conditions = rewrite.path.slice(0, start).map((step) => step.slice(FRAGMENT.length));
    const holds = conditions.every((condition) => typename === undefined || matchesType(schema, typename, condition));
    return holds ? [{ ...rewrite, path: rewrite.path.slice(start) }] : [];
  });
}

/** The rewrites inside a field, with their paths from there. */
export function rewritesBelow(rewrites: readonly FetchDataRewrite[], key: string): FetchDataRewrite[] {
  return rewrites.flatMap((rewrite) =>
    rewrite.path.length > 1 && rewrite.path[0] === key ? [{ ...rewrite, path: rewrite.path.slice(1) }] : [],
  );
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
