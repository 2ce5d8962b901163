import type { GraphQLSchema } from 'graphql';
import { parseExact } from '../execution/exact-json.ts';
import { isObject, type Json, readOwn } from '../execution/own.ts';
import { createRemember } from './remember.ts';
import { ANY_ENTITY, ANY_TYPE, namedTag } from './tag.ts';
import { fillTagFormat } from './tag-format.ts';
import { addKey, readAt, readValues } from './tag-places.ts';
import type { SubgraphTagRules } from './tag-rules.ts';
import { type Tagged, TagSet } from './tag-set.ts';
import type { TypeNames } from './type-names.ts';

/** What a representation says of the entity that is asked for. */
export interface Sent extends Tagged {
  readonly representation: Json;
  /** The type; `undefined` when the schema has none of that name. */
  readonly type: string | undefined;
  /** The values of each key of the type, where they are in it. */
  readonly keys: readonly (readonly string[] | undefined)[];
  /** Whether it has the values for all formats of the type. */
  readonly isFilled: boolean;
}

/** Of each subgraph. */
const MOST_REMEMBERED = 5_000;

/**
 * Makes the function that reads representations of a subgraph. A hot path: it runs on each entity that is kept, and what it makes of
 * many is remembered.
 */
export function createReadSent(
  schema: GraphQLSchema,
  own: SubgraphTagRules,
  names: TypeNames,
): (representation: string) => Sent {
  const remember = createRemember<Sent>(MOST_REMEMBERED);

  function read(text: string): Sent {
    const parsed = parseExact(text);
    const representation = isObject(parsed) ? parsed : {};
    const type = String(readOwn(representation, '__typename'));
    if (schema.getType(type) === undefined) {
      const { tags, places } = new TagSet().add(ANY_ENTITY).add(ANY_TYPE);
      return { tags, places, representation, type: undefined, keys: [], isFilled: true };
    }
    const set = new TagSet();
    const keys = names.keysOf(type).map((key) => {
      const values = readValues(representation, key.paths);
      addKey(set, key, values);
      return values;
    });
    let isFilled = true;
    for (const format of new Set(names.namesOf(type).flatMap((name) => own.typeFormats.get(name) ?? []))) {
      const tag = fillTagFormat(format, ({ path }) => readAt(representation, path));
      if (tag === undefined) isFilled = false;
      else set.add(namedTag(tag));
    }
    const { tags, places } = set;
    return { tags, places, representation, type, keys, isFilled };
  }

  return (text) => remember(text, () => read(text));
}
