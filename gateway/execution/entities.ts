import { isInherited, isObject, type Json, readOwn } from './own.ts';

type PlanPath = readonly (string | number)[];

/** An object in the data gathered so far, with its place. */
export interface Entity {
  readonly object: Json;
  readonly path: readonly (string | number)[];
}

/**
 * Finds the objects at a plan's paths from the root of the data, each once.
 *
 * @param isTree whether every object stands at one place only, so that none can be found twice
 */
export type FindObjects = (root: Json, isTree: boolean) => readonly Json[];

/**
 * Compiles a plan's paths: a string steps into a field, `@` into every item of a list. Nulls, and what a failed fetch left out,
 * are passed over. An object that stands at several places (its entity was brought once for all of them) is found once: what
 * a fetch brings for it is at all its places.
 *
 * A hot path, without places: who needs them (errors, contexts) asks `entitiesAt`.
 */
export function compilePaths(paths: readonly PlanPath[]): FindObjects {
  const finders = paths.map(compilePath);
  const [find] = finders;
  if (finders.length === 1 && find !== undefined) return find;
  return (root, isTree) => [...new Set(finders.flatMap((findAt) => findAt(root, isTree)))];
}

function compilePath(path: PlanPath): FindObjects {
  const steps = path.map((step) => ({ step: String(step), isInherited: isInherited(String(step)) }));
  return (root, isTree) => {
    let values: readonly unknown[] = [root];
    for (const { step, isInherited } of steps) {
      const below: unknown[] = [];
      for (const value of values) {
        if (step === '@') {
          if (Array.isArray(value)) for (const item of value) below.push(item);
        } else if (Array.isArray(value)) {
          for (const object of objectsIn(value)) below.push(readOwn(object, step));
        } else if (isObject(value)) {
          below.push(isInherited ? readOwn(value, step) : value[step]);
        }
      }
      values = isTree || below.length < 2 ? below : [...new Set(below)];
    }
    return values.some(Array.isArray) ? values.flatMap(objectsIn) : values.filter(isObject);
  };
}

/** The object itself, or those in a list of lists. */
function objectsIn(value: unknown): readonly Json[] {
  if (Array.isArray(value)) return value.flatMap(objectsIn);
  return isObject(value) ? [value] : [];
}

/** The objects at a plan's path below those given, each as often as it stands somewhere, with its places. */
export function entitiesAt(entities: readonly Entity[], path: PlanPath): Entity[] {
  return entities.flatMap(({ object, path: start }) => descend(object, path, start));
}

function descend(value: unknown, path: PlanPath, at: PlanPath): Entity[] {
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
