import type { Running } from '../../service/run.ts';

/** What is to be purged. */
export type Purging = readonly number[] | 'everything';

/** Purges that the store has not taken: what they purge is void here meanwhile, and they are tried again until it takes them. */
export interface PendingPurges extends Running {
  /** Whether one of them voids an entry with these places; each does one without any. A hot path: while there are none it is one comparison. */
  isVoid(places: readonly number[]): boolean;
  /** Holds from now on, until it is taken. @returns to be called when it is, or, to have it tried again, when it is not */
  add(purging: Purging): { taken(): void; tryAgain(): void };
  readonly count: () => number;
}

export interface PendingPurgesOptions {
  /** Purges; fails when the store does not take it. */
  readonly send: (purging: Purging) => Promise<void>;
  /** How many places may wait. More of them, and everything is void until everything was purged. */
  readonly maxPlaces: number;
  /** The first pause before it is tried again, in milliseconds; doubled each time up to 5,000. */
  readonly retryMs: number;
}

const LONGEST_PAUSE_MS = 5_000;

/** One of them; each is told from the others, equal ones too. */
interface Held {
  readonly places: readonly number[];
  readonly isEverything: boolean;
}

/** Keeps what is pending, and tries it again in the background. */
export function createPendingPurges({ send, maxPlaces, retryMs }: PendingPurgesOptions): PendingPurges {
  /** All that hold, those that are being sent included. */
  const held = new Set<Held>();
  /** Those of them that are to be sent again. */
  let waiting = new Set<Held>();
  const counts = new Map<number, number>();
  let everything = 0;
  let timer: NodeJS.Timeout | undefined;
  let pauseMs = retryMs;
  let isClosed = false;

  function hold(purging: Purging): Held {
    const isEverything = purging === 'everything';
    const one = { places: isEverything ? [] : [...purging], isEverything };
    held.add(one);
    if (isEverything) everything++;
    for (const place of one.places) counts.set(place, (counts.get(place) ?? 0) + 1);
    return one;
  }

  function drop(one: Held): void {
    waiting.delete(one);
    if (!held.delete(one)) return;
    if (one.isEverything) everything--;
    for (const place of one.places) {
      const count = counts.get(place) ?? 0;
      if (count > 1) counts.set(place, count - 1);
      else counts.delete(place);
    }
  }

  function wait(one: Held): void {
    waiting.add(one);
    if (counts.size > maxPlaces) {
      const all = hold('everything');
      for (const each of [...waiting]) drop(each);
      waiting.add(all);
    }
    if (!isClosed) timer ??= setTimeout(() => void sendAgain(), pauseMs * (0.5 + Math.random() / 2)).unref();
  }

  /** All at once: they were purged at the latest when the last of them was. */
  async function sendAgain(): Promise<void> {
    const sent = waiting;
    waiting = new Set();
    const isEverything = [...sent].some((one) => one.isEverything);
    try {
      await send(isEverything ? 'everything' : [...new Set([...sent].flatMap(({ places }) => places))]);
      for (const one of sent) drop(one);
      pauseMs = retryMs;
    } catch {
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      for (const one of sent) waiting.add(one);
    }
    timer = undefined;
    const [next] = waiting;
    if (next !== undefined) wait(next);
  }

  return {
    isVoid: (places) =>
      held.size > 0 && (everything > 0 || places.length === 0 || places.some((place) => counts.has(place))),
    add: (purging) => {
      const one = hold(purging);
      return { taken: () => drop(one), tryAgain: () => wait(one) };
    },
    count: () => held.size,
    close: async () => {
      isClosed = true;
      clearTimeout(timer);
      // Once more: another process may be all that is left to honour it.
      if (waiting.size > 0) await sendAgain();
    },
  };
}
