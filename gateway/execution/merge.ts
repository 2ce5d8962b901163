import { isInherited, isObject, type Json, readOwn, writeOwn } from './own.ts';

/** Merges what a fetch brought into an object of the data gathered so far. */
export type Merge = (target: Json, source: Json) => void;

/**
 * Compiles the merging of what a fetch brings, whose keys its text says: objects by key, lists of the same length by position;
 * anything else replaces. A `null` replaces nothing: one subgraph not knowing a thing does not undo that another does.
 */
export function compileMerge(keys: readonly string[]): Merge {
  if (keys.some(isInherited))
    return (target, source) => {
      for (const key of keys) {
        const value = readOwn(source, key);
        if (value !== undefined) writeOwn(target, key, merged(readOwn(target, key), value));
      }
    };
  return (target, source) => {
    for (const key of keys) {
      const value = source[key];
      if (value === undefined) continue;
      const present = target[key];
      if (present === undefined) target[key] = value;
      else if (value !== null) target[key] = merged(present, value);
    }
  };
}

function merged(target: unknown, source: unknown): unknown {
  if (source === null || source === undefined) return target === undefined ? source : target;
  if (isObject(target) && isObject(source)) {
    for (const key of Object.keys(source)) writeOwn(target, key, merged(readOwn(target, key), source[key]));
    return target;
  }
  if (Array.isArray(target) && Array.isArray(source) && target.length === source.length) {
    for (let index = 0; index < source.length; index++) target[index] = merged(target[index], source[index]);
    return target;
  }
  return source;
}
