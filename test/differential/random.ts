/** Choices that are the same for the same seed. */
export interface Random {
  /** An integer from 0 to `bound`, which is not included. */
  below(bound: number): number;
  chance(probability: number): boolean;
  /** @throws {TypeError} when there is nothing to pick from */
  pick<Item>(items: readonly Item[]): Item;
  /** Each item with this probability, in order. */
  some<Item>(items: readonly Item[], probability: number): Item[];
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x9e3779b9) >>> 0;
    return mix(state) / 2 ** 32;
  };
  const below = (bound: number) => Math.floor(next() * bound);
  return {
    below,
    chance: (probability) => next() < probability,
    pick: (items) => {
      const index = below(items.length);
      if (index >= items.length) throw new TypeError('there is nothing to pick from');
      return items[index] as (typeof items)[number];
    },
    some: (items, probability) => items.filter(() => next() < probability),
  };
}

/** A number of 32 bits from anything that prints. */
export function hash(...parts: readonly (string | number)[]): number {
  let state = 0x811c9dc5;
  for (const part of parts) {
    const text = String(part);
    for (let index = 0; index < text.length; index++) state = Math.imul(state ^ text.charCodeAt(index), 0x01000193);
    state = Math.imul(state ^ 0x1f, 0x01000193);
  }
  return mix(state >>> 0);
}

/** The finaliser of MurmurHash 3: every bit of the answer depends on every bit given. */
function mix(value: number): number {
  let state = value;
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return (state ^ (state >>> 16)) >>> 0;
}
