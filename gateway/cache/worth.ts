import { createAskedBefore } from '../asked-before.ts';
import { hashText } from '../hash-text.ts';

/**
 * What is to become of a key. `counted`: it is kept, and whether it was there tells of others of its kind. `kept`: it is kept. `passed
 * over`: it is not.
 */
export type Worth = 'counted' | 'kept' | 'passed over';

/**
 * Whether things of a kind are worth keeping: whether they are asked for again while they are kept.
 *
 * Of a kind of which hardly anything is, only a few are kept, chosen by their keys, so that all that is asked under one of them counts:
 * they show what a cache of all would do, however long it takes until things come again. And what was asked for before is kept: so a
 * crawler takes nothing from those who come back.
 */
export interface Worths<Kind extends object> {
  /** @param key or a part of it. @param more what belongs to the key as well */
  of(kind: Kind, key: string, more?: string): Worth;
  /** Takes note of one that counts. @param wasThere whether it need not be fetched */
  note(kind: Kind, wasThere: boolean): void;
}

/** After so many that count it is decided again. */
const COUNTED = 256;
/** How many of them have to be there, or else it is not worth it. */
const LEAST = 4;
/** One key in so many is kept at least. */
const SAMPLED = 64;
/** The same where these alone count. */
const SAMPLES_COUNTED = 32;
const LEAST_SAMPLES = 2;

interface Count {
  isSeldom: boolean;
  asked: number;
  there: number;
}

/** @param mayRemember whether keys are whole, so that what was asked for before can be told */
export function createWorths<Kind extends object>(mayRemember: boolean): Worths<Kind> {
  const counts = new WeakMap<Kind, Count>();
  // What many have in common comes first, and often.
  let common = { key: '', hash: hashText('') };
  const wasAskedBefore = mayRemember ? createAskedBefore() : () => false;

  return {
    of: (kind, key, more = '') => {
      if (counts.get(kind)?.isSeldom !== true) return 'counted';
      if (key !== common.key) common = { key, hash: hashText(key) };
      const hash = more === '' ? common.hash : hashText(more, common.hash);
      if (hash % SAMPLED === 0) return 'counted';
      return wasAskedBefore(hash) ? 'kept' : 'passed over';
    },
    note: (kind, wasThere) => {
      let count = counts.get(kind);
      if (count === undefined) {
        count = { isSeldom: false, asked: 0, there: 0 };
        counts.set(kind, count);
      }
      count.asked++;
      if (wasThere) count.there++;
      const { isSeldom, asked, there } = count;
      const isAgain = isSeldom && there >= LEAST_SAMPLES;
      if (!isAgain && asked < (isSeldom ? SAMPLES_COUNTED : COUNTED)) return;
      count.isSeldom = isSeldom ? !isAgain : there < LEAST;
      count.asked = 0;
      count.there = 0;
    },
  };
}
