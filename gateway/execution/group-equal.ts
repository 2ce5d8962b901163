import type { Json } from './own.ts';
import type { Representation } from './representation.ts';

/** Values, one level for each key, and at the end the objects that have them. */
interface Level {
  /** Made when it is needed: at the end, where most are, there is none. */
  below: Map<unknown, Level> | undefined;
  targets: Json[] | undefined;
}

/**
 * Groups entities by their representations: each is sent once, and its answer goes to all of its group. An entity that lacks
 * something required is in none.
 *
 * A hot path (test/bench, w1: 300 products are nine): entities are told apart by the values of their keys, and only the first
 * of a group is written as text.
 */
export function groupEqual(
  entities: readonly Json[],
  { write, keysFor }: Representation,
): ReadonlyMap<string, readonly Json[]> {
  const groups = new Map<string, Json[]>();
  const byKeys = new Map<readonly string[], Level>();

  function begin(entity: Json): Json[] | undefined {
    const text = write(entity);
    if (text === undefined) return undefined;
    const targets = groups.get(text) ?? [];
    groups.set(text, targets);
    return targets;
  }

  for (const entity of entities) {
    const keys = keysFor(entity);
    const found = descend(levelAt(byKeys, keys), keys, entity);
    if (found === undefined) {
      begin(entity)?.push(entity);
    } else {
      found.targets ??= begin(entity);
      found.targets?.push(entity);
    }
  }
  return groups;
}

/** @returns `undefined` when a value is not a scalar, so that identity does not tell equality */
function descend(start: Level, keys: readonly string[], entity: Json): Level | undefined {
  let level = start;
  for (const key of keys) {
    const value = entity[key];
    if (typeof value === 'object' ? value !== null : value === undefined || typeof value === 'function')
      return undefined;
    level.below ??= new Map();
    level = levelAt(level.below, value);
  }
  return level;
}

function levelAt<K>(levels: Map<K, Level>, key: K): Level {
  let level = levels.get(key);
  if (level === undefined) {
    level = { below: undefined, targets: undefined };
    levels.set(key, level);
  }
  return level;
}
