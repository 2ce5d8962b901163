import { isObject, type Json, readOwn } from './own.ts';

/** An object in the data gathered so far, with its place. */
export interface Entity {
  readonly object: Json;
  readonly path: readonly (string | number)[];
}

/**
 * The objects at a plan's path below those given: a string steps into a field, `@` into every item of a list. Nulls, and
 * what a failed fetch left out, are passed over.
 */
export function entitiesAt(entities: readonly Entity[], path: readonly (string | number)[]): Entity[] {
  return entities.flatMap(({ object, path: start }) => descend(object, path, start));
}

function descend(value: unknown, path: readonly (string | number)[], at: readonly (string | number)[]): Entity[] {
  if (Array.isArray(value)) {
    const rest = path[0] === '@' ? path.slice(1) : path;
    return value.flatMap((item: unknown, index) => descend(item, rest, [...at, index]));
  }
  if (!isObject(value)) return [];
  const [step, ...rest] = path;
  if (step === undefined) return [{ object: value, path: at }];
  if (step === '@') return [];
  return descend(readOwn(value, String(step)), rest, [...at, String(step)]);
}
