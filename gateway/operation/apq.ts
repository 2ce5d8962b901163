import { hash as digest } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Store } from '../store/store.ts';

/** Query texts that clients have sent with their hashes, for those that send a hash alone. */
export interface Apq {
  /** At once when it is in memory. Never rejects: a store that is away has nothing, and the client sends the text again. */
  find(hash: string): string | undefined | Promise<string | undefined>;
  /** @param hash of the text, as `hashOf` gives it */
  keep(hash: string, text: string): void;
}

export interface ApqOptions {
  /** Most memory of texts in this process, in bytes. */
  readonly maxBytes: number;
  readonly ttlMs: number;
  /** What other gateways share, if any do. */
  readonly store: Store | undefined;
}

/** SHA-256 in hexadecimal, as clients send it. */
export function hashOf(text: string): string {
  return digest('sha256', text, 'hex');
}

/** What their keys in the store begin with. */
const KEY = 'apq:';
const IS_HASH = /^[0-9a-f]{64}$/;
/** What an entry takes besides its text. */
const ENTRY_BYTES = 300;

/**
 * Keeps texts in memory and, where gateways share one, in the store. What comes from there counts only when its hash is the one that
 * was asked for: whoever else writes into the store cannot put an operation in place of another.
 */
export function createApq({ maxBytes, ttlMs, store }: ApqOptions): Apq {
  const memory = new LRUCache<string, string>({
    maxSize: maxBytes,
    sizeCalculation: (text) => Buffer.byteLength(text) + ENTRY_BYTES,
    ttl: ttlMs,
    updateAgeOnGet: true,
  });

  async function read(from: Store, hash: string): Promise<string | undefined> {
    try {
      const text = (await from.read([KEY + hash])).values[0]?.toString();
      if (text === undefined || hashOf(text) !== hash) return undefined;
      memory.set(hash, text);
      return text;
    } catch {
      // The store has told whoever counts and logs (see `store-events.ts`).
      return undefined;
    }
  }

  return {
    find: (hash) => {
      const known = memory.get(hash);
      return known !== undefined || store === undefined || !IS_HASH.test(hash) ? known : read(store, hash);
    },
    keep: (hash, text) => {
      memory.set(hash, text);
      store?.write([{ key: KEY + hash, value: Buffer.from(text), ttlMs }]).catch(() => undefined);
    },
  };
}
