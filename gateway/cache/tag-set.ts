import { toPlace } from './places.ts';

/** Tags with the place of each in the table of purges. As a rule each is there once; one that is there twice harms nothing. */
export interface Tagged {
  readonly tags: readonly string[];
  /** In the order of the tags. */
  readonly places: readonly number[];
}

/** Of what was not looked for tags in: every purge voids it. */
export const UNTAGGED: Tagged = { tags: [], places: [] };

/** Collects tags. A hot path: places of tags that were met before come with them, instead of being computed again. */
export interface TagSink {
  add(tag: string): unknown;
  addAll(tagged: Tagged): unknown;
}

/** The few tags of one entity, as often as they come. */
export class TagList implements Tagged, TagSink {
  readonly tags: string[];
  readonly places: number[];

  constructor({ tags, places }: Tagged = UNTAGGED) {
    this.tags = [...tags];
    this.places = [...places];
  }

  add(tag: string): void {
    this.tags.push(tag);
    this.places.push(toPlace(tag));
  }

  addAll({ tags, places }: Tagged): void {
    for (let index = 0; index < tags.length; index++) {
      this.tags.push(tags[index] as string);
      this.places.push(places[index] as number);
    }
  }
}

/** The many of an answer, each once. */
export class TagSet implements Tagged, TagSink {
  readonly #known = new Set<string>();
  readonly tags: string[] = [];
  readonly places: number[] = [];

  constructor(start: Tagged = UNTAGGED) {
    this.addAll(start);
  }

  add(tag: string): this {
    if (!this.#known.has(tag)) this.#push(tag, toPlace(tag));
    return this;
  }

  addAll({ tags, places }: Tagged): this {
    for (let index = 0; index < tags.length; index++) {
      const tag = tags[index] as string;
      if (!this.#known.has(tag)) this.#push(tag, places[index] as number);
    }
    return this;
  }

  addTexts(tags: Iterable<string>): this {
    for (const tag of tags) this.add(tag);
    return this;
  }

  #push(tag: string, place: number): void {
    this.#known.add(tag);
    this.tags.push(tag);
    this.places.push(place);
  }
}

/** Tags with their places. */
export function toTagged(tags: Iterable<string>): Tagged {
  const { tags: each, places } = new TagSet().addTexts(tags);
  return { tags: each.slice(), places: places.slice() };
}

/** Those of an answer, and of an entity in it. */
export function both(one: Tagged, other: Tagged): Tagged {
  if (other.tags.length === 0) return one;
  return { tags: [...one.tags, ...other.tags], places: [...one.places, ...other.places] };
}

/** Those of several together; none when one of them has none, because nobody knows what is in it. */
export function unite(all: readonly Tagged[]): Tagged {
  if (all.some(({ tags }) => tags.length === 0)) return UNTAGGED;
  const [first, ...others] = all;
  if (others.length === 0) return first ?? UNTAGGED;
  const set = new TagSet(first);
  for (const each of others) set.addAll(each);
  return set;
}
