import { LRUCache } from 'lru-cache';
import { createAskedBefore } from '../asked-before.ts';
import { hashText } from '../hash-text.ts';
import { type Entry, endOf } from './entry.ts';

/** Entries in this process, bounded in bytes; what was not used for longest makes place. */
export interface MemoryLevel {
  /**
   * Whether something new is to be kept under a key; takes note of it. As long as there is room, or what would make place is of no more
   * use, everything is. Else only what was asked for before: what is asked for once would push out what is asked for often.
   */
  wants(key: string): boolean;
  /** Whether it may be used is for the caller to judge. */
  get(key: string): Entry | undefined;
  /** Keeps an entry; bytes that are a slice of something larger are copied. */
  set(key: string, entry: Entry): void;
  delete(key: string): void;
  clear(): void;
  /** By its own reckoning. */
  readonly bytes: () => number;
  readonly count: () => number;
}

/**
 * What an entry takes besides what is in it: the objects, their numbers, the places in lists and maps; and besides the bytes of a buffer:
 * its three parts. Measured with small entries on Node 24 (test/gateway/cache/memory-level.test.ts), and rounded up.
 */
const BYTES_OF_ENTRY = 800;
const BYTES_OF_BUFFER = 250;
const BYTES_OF_STRING = 32;

/** How much memory an entry takes, in bytes, as estimated: strings as if all were of two bytes a unit. */
export function sizeOf(key: string, { tags, places, body }: Entry): number {
  const content = typeof body === 'string' ? 2 * body.length : BYTES_OF_BUFFER + body.length;
  let bytes = BYTES_OF_ENTRY + content + 2 * key.length + places.length * 8;
  for (const tag of tags) bytes += BYTES_OF_STRING + 2 * tag.length;
  return bytes;
}

/** How much of the memory is taken when there is no more room. */
const FULL = 0.98;

/** Keeps entries within a number of bytes. @param now epoch milliseconds */
export function createMemoryLevel(maxBytes: number, now: () => number = Date.now): MemoryLevel {
  const entries = new LRUCache<string, Entry>({ maxSize: Math.max(1, maxBytes) });
  const wasAskedBefore = createAskedBefore();

  function isOldestOver(): boolean {
    const { value: key } = entries.rkeys().next();
    const oldest = key === undefined ? undefined : entries.peek(key);
    return oldest !== undefined && endOf(oldest) <= now();
  }

  return {
    wants: (key) => {
      if (maxBytes === 0) return false;
      return (
        entries.calculatedSize < FULL * maxBytes || entries.has(key) || wasAskedBefore(hashText(key)) || isOldestOver()
      );
    },
    get: (key) => entries.get(key),
    set: (key, entry) => {
      const size = sizeOf(key, entry);
      if (size > maxBytes) return void entries.delete(key);
      entries.set(key, ownBody(entry), { size });
    },
    delete: (key) => void entries.delete(key),
    clear: () => entries.clear(),
    bytes: () => entries.calculatedSize,
    count: () => entries.size,
  };
}

/** A slice would keep all that it is a slice of: of 64 kB from a socket, or of the pool that small buffers share. */
function ownBody(entry: Entry): Entry {
  const { body } = entry;
  if (typeof body === 'string' || body.buffer.byteLength === body.length) return entry;
  const own = Buffer.allocUnsafeSlow(body.length);
  body.copy(own);
  return { ...entry, body: own };
}

/** What an entry is good for at a moment, by its times alone. */
export type Freshness = 'fresh' | 'stale' | 'for errors' | 'over';

/** @param now epoch milliseconds */
export function freshnessOf(entry: Entry, now: number): Freshness {
  if (now < entry.freshUntil) return 'fresh';
  if (now < entry.staleUntil) return 'stale';
  return now < endOf(entry) ? 'for errors' : 'over';
}
