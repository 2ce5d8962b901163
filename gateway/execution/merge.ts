import { isObject, type Json, readOwn, writeOwn } from './own.ts';

/**
 * Merges what a fetch brought into the data gathered so far: objects by key, lists of the same length by position; anything
 * else replaces. A `null` replaces nothing: one subgraph not knowing a thing does not undo that another does.
 */
export function merge(target: Json, source: Json): void {
  for (const key of Object.keys(source)) writeOwn(target, key, merged(readOwn(target, key), source[key]));
}

function merged(target: unknown, source: unknown): unknown {
  if (source === null || source === undefined) return target === undefined ? source : target;
  if (isObject(target) && isObject(source)) {
    merge(target, source);
    return target;
  }
  if (Array.isArray(target) && Array.isArray(source) && target.length === source.length) {
    for (let index = 0; index < source.length; index++) target[index] = merged(target[index], source[index]);
    return target;
  }
  return source;
}
