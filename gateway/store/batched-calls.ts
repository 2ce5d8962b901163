import type { Store, StoreRead } from './store.ts';

interface Batch<Item, Answer> {
  readonly items: Item[];
  readonly answer: Promise<Answer>;
}

/** How much one call asks for at most: a longer one would keep the server, and those behind it, waiting. */
const MOST_AT_ONCE = 1_000;

/** Makes one call of all that is asked for in one turn of the event loop. Nobody joins one that was sent. */
function gather<Item, Answer>(call: (items: readonly Item[]) => Promise<Answer>) {
  let open: Batch<Item, Answer> | undefined;

  function begin(): Batch<Item, Answer> {
    const items: Item[] = [];
    const answer = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      if (open?.items === items) open = undefined;
      return call(items);
    });
    return { items, answer };
  }

  /** @returns the answer to the whole call, and where in it these are */
  return async (items: readonly Item[]): Promise<{ readonly answer: Answer; readonly from: number }> => {
    if (open === undefined || open.items.length + items.length > MOST_AT_ONCE) open = begin();
    const batch = open;
    const from = batch.items.length;
    batch.items.push(...items);
    return { answer: await batch.answer, from };
  };
}

/**
 * Makes one read, one lease and one release of all that is asked for in one turn of the event loop. Under load that is one trip for
 * many requests; a single one waits for nothing but the end of the turn.
 *
 * Nobody joins what was sent: who asks after a purge was acknowledged gets what is there after it.
 */
export function batchCalls(next: Store): Store {
  const read = gather((keys: readonly string[]) => readOnce(next, keys));
  const lease = gather(next.lease);
  const release = gather(next.release);
  return {
    ...next,
    read: async (keys) => {
      const { answer, from } = await read(keys);
      return { values: answer.values.slice(from, from + keys.length), head: answer.head };
    },
    lease: async (leases) => {
      const { answer, from } = await lease(leases);
      return answer.slice(from, from + leases.length);
    },
    release: async (releases) => {
      await release(releases);
    },
  };
}

/** Asks for each key once. */
async function readOnce(next: Store, keys: readonly string[]): Promise<StoreRead> {
  const each = [...new Set(keys)];
  if (each.length === keys.length) return next.read(keys);
  const { values, head } = await next.read(each);
  const found = new Map(each.map((key, index) => [key, values[index]]));
  return { values: keys.map((key) => found.get(key)), head };
}
