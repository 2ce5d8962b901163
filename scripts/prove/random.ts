/** Chance that can be repeated: by a seed, the same choices in the same order. */
export interface Random {
  /** From 0 up to 1. */
  next(): number;
  pick<T>(all: readonly T[]): T;
  chance(probability: number): boolean;
}

/** The generator mulberry32. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    pick: (all) => {
      const index = Math.floor(next() * all.length);
      if (all.length === 0) throw new TypeError('there is nothing to pick from');
      return all[index] as (typeof all)[number];
    },
    chance: (probability) => next() < probability,
  };
}
