import type { Store, StoreRead } from './store.ts';

interface Batch {
  /** Each key once, with its place in the read. */
  readonly keys: Map<string, number>;
  readonly answer: Promise<StoreRead>;
}

/** How many keys one read has at most: a longer one would keep the server, and those behind it, waiting. */
const KEYS_AT_ONCE = 1_000;

/**
 * Makes one read of all that is asked for in one turn of the event loop, and asks for each key once. Under load that is one trip for
 * many requests; a single one waits for nothing but the end of the turn.
 *
 * Nobody joins a read that was sent: who asks after a purge was acknowledged gets what is there after it.
 */
export function batchReads(next: Store): Store {
  let open: Batch | undefined;

  function begin(): Batch {
    const keys = new Map<string, number>();
    const answer = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      if (open?.keys === keys) open = undefined;
      return next.read([...keys.keys()]);
    });
    return { keys, answer };
  }

  return {
    ...next,
    async read(keys) {
      if (open === undefined || open.keys.size + keys.length > KEYS_AT_ONCE) open = begin();
      const batch = open;
      const places = keys.map((key) => {
        const place = batch.keys.get(key) ?? batch.keys.size;
        batch.keys.set(key, place);
        return place;
      });
      const { values, head } = await batch.answer;
      return { values: places.map((place) => values[place]), head };
    },
  };
}
