import type { Running } from '../../service/run.ts';
import type { Store } from '../store/store.ts';
import { publishCacheEvent } from './cache-events.ts';

export interface WriteBehindOptions {
  readonly store: Store;
  /** How many bytes may wait; what comes beyond them is dropped. */
  readonly maxBytes: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Writes to the store in batches, after the answers they are made from. Nobody waits for it, and it never fails. */
export interface WriteBehind extends Running {
  /** @param until epoch milliseconds */
  add(key: string, value: Buffer, until: number): void;
  /** Resolves when all that waits now was written, or dropped. */
  flush(): Promise<void>;
}

interface Waiting {
  readonly value: Buffer;
  readonly until: number;
}

/** How many bytes go in one batch: all that is written meanwhile waits behind it. */
const BATCH_BYTES = 1_000_000;

/**
 * One batch at a time, begun when the turn of the event loop ends: while one is under way the next one grows. A batch that the store
 * does not take is dropped, and what waits stays within its bytes, so that a Redis that is away costs nothing but misses.
 */
export function createWriteBehind({ store, maxBytes, now }: WriteBehindOptions): WriteBehind {
  const waiting = new Map<string, Waiting>();
  let bytes = 0;
  let writing: Promise<void> | undefined;

  function take(): Map<string, Waiting> {
    const batch = new Map<string, Waiting>();
    let size = 0;
    for (const [key, one] of waiting) {
      if (size > 0 && size + one.value.length > BATCH_BYTES) break;
      batch.set(key, one);
      size += one.value.length;
      waiting.delete(key);
    }
    bytes -= size;
    return batch;
  }

  async function writeAll(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    while (waiting.size > 0) {
      const batch = take();
      try {
        await store.write([...batch].map(([key, { value, until }]) => ({ key, value, ttlMs: until - now() })));
      } catch {
        drop(
          batch.size,
          [...batch.values()].reduce((sum, { value }) => sum + value.length, 0),
        );
      }
    }
    writing = undefined;
  }

  function drop(entries: number, dropped: number): void {
    publishCacheEvent({ kind: 'dropped', entries, bytes: dropped });
  }

  return {
    add: (key, value, until) => {
      const before = waiting.get(key)?.value.length ?? 0;
      if (bytes - before + value.length > maxBytes) return drop(1, value.length);
      bytes += value.length - before;
      waiting.set(key, { value, until });
      writing ??= writeAll();
    },
    flush: async () => writing,
    close: async () => writing,
  };
}
