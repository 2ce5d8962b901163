import { hash } from 'node:crypto';
import type { EntityKey, Invalidation } from '../../service/invalidation.ts';
import { type Tagged, toTagged } from './tag-set.ts';

/**
 * Tags: what an answer contains, as texts. An answer carries those of all that is in it, a purge sets those of what it voids,
 * and an answer is void when the two have one in common. Both are written here, so that they cannot disagree.
 *
 * | tag | carried by | set by a purge of |
 * |---|---|---|
 * | `subgraph:S` | all answers of it | the subgraph |
 * | `type:S:T`, `type::T` | what objects of the type may be in | the type (of the subgraph, of all) |
 * | `entity:T:id:["7"]` | what has this entity in it | the entity |
 * | `unkeyed:T:id` | what may have entities of the type in it whose key does not show | any entity of the type, by that key |
 * | `tag:…` | what a `@cacheTag` or a subgraph's extensions say | the tag |
 * | `types`, `unkeyed` | what has too many to tell them one by one | any type, any entity |
 */

/** Carried where types are too many: every purge of a type voids it. */
export const ANY_TYPE = 'types';

/** Carried where entities are too many, or of types that nobody knows: every purge of an entity voids it. */
export const ANY_ENTITY = 'unkeyed';

/** @returns the tag of all answers of a subgraph */
export function subgraphTag(subgraph: string): string {
  return `subgraph:${subgraph}`;
}

/** @param subgraph left out for the type wherever it comes from */
export function typeTag(type: string, subgraph = ''): string {
  return `type:${subgraph}:${type}`;
}

/** A key of an entity by the paths of its fields, in order: `id`, or `org.id,sku`. It has no colon. */
export type KeyShape = string;

/** Longer ones, which no purge can read anyway, are told by their hash. In characters. */
const LONGEST_VALUES = 200;

/** @param values the values of the key in the order of the shape, as `toTagText` gives them */
export function entityTag(type: string, shape: KeyShape, values: readonly string[]): string {
  const text = JSON.stringify(values);
  return `entity:${type}:${shape}:${text.length > LONGEST_VALUES ? hash('sha256', text, 'base64url') : text}`;
}

/** The tag of what may have an entity in it whose key of this shape does not show. */
export function unkeyedTag(type: string, shape: KeyShape): string {
  return `unkeyed:${type}:${shape}`;
}

/** The tag that a subgraph gives by `@cacheTag` or in the extensions of an answer. */
export function namedTag(tag: string): string {
  return `tag:${tag}`;
}

/**
 * A value as it stands in tags: `7`, `"7"` and `7` with more digits than a double holds are the same digits in all of them.
 *
 * @returns `undefined` for null, lists and objects
 */
export function toTagText(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'boolean':
      return String(value);
    default:
      return JSON.isRawJSON(value) ? value.rawJSON : undefined;
  }
}

/** What a purge sets: answers that carry any of these are void. */
export function toPurgeTags(invalidation: Invalidation): readonly string[] {
  switch (invalidation.kind) {
    case 'subgraph':
      return [subgraphTag(invalidation.subgraph)];
    case 'type':
      return [typeTag(invalidation.type, invalidation.subgraph), ANY_TYPE];
    case 'entity': {
      const { type, key } = invalidation;
      const shape = toShape(key);
      const values = leavesOf(key).map(([, value]) => value);
      return [entityTag(type, shape, values), unkeyedTag(type, shape), ANY_ENTITY];
    }
    case 'tag':
      return [namedTag(invalidation.tag)];
  }
}

/** The shape of the key that an invalidation names. */
export function toShape(key: EntityKey): KeyShape {
  return leavesOf(key)
    .map(([path]) => path)
    .join();
}

/** By path, in alphabetical order, as `planning/cache-rules.ts` has the paths of keys. */
function leavesOf(key: EntityKey): (readonly [path: string, value: string])[] {
  const leaves = Object.entries(key).flatMap(([field, value]) =>
    typeof value === 'object'
      ? leavesOf(value).map(([path, text]) => [`${field}.${path}`, text] as const)
      : [[field, String(value)] as const],
  );
  return leaves.sort(([one], [other]) => (one < other ? -1 : 1));
}

/** Tags within a bound. */
export interface BoundTags extends Tagged {
  /** Whether they are still too many: what they belong to must not be kept. */
  readonly isExcessive: boolean;
}

/** Fewer tags that are set by the same purges and by more: entities give way to their type, then types to all. */
export function boundTags(tagged: Tagged, most: number): BoundTags {
  if (tagged.tags.length <= most) return { tags: tagged.tags, places: tagged.places, isExcessive: false };
  let bound = toTagged(tagged.tags);
  for (const coarsen of [toUnkeyed, toAny]) {
    if (bound.tags.length > most) bound = toTagged(bound.tags.map(coarsen));
  }
  const { tags, places } = bound;
  return { tags, places, isExcessive: tags.length > most };
}

function toUnkeyed(tag: string): string {
  if (!tag.startsWith('entity:')) return tag;
  const [, type = '', shape = ''] = tag.split(':', 3);
  return unkeyedTag(type, shape);
}

function toAny(tag: string): string {
  if (tag.startsWith('unkeyed:')) return ANY_ENTITY;
  return tag.startsWith('type:') ? ANY_TYPE : tag;
}
