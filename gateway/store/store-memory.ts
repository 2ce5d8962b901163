import { randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { createMemoryPurgeLog } from './purge-log-memory.ts';
import type { Store } from './store.ts';

export interface MemoryStoreOptions {
  /** Most bytes of keys and values; what was not used for longest goes first. */
  readonly maxBytes?: number;
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

interface Held {
  readonly value: Buffer;
  readonly until: number;
}

interface Lease {
  readonly token: string;
  readonly until: number;
}

/** A store in this process: for a gateway without Redis, whose purges then hold for itself alone. */
export function createMemoryStore({ maxBytes = 64_000_000, now = Date.now }: MemoryStoreOptions = {}): Store {
  const values = new LRUCache<string, Held>({
    maxSize: maxBytes,
    sizeCalculation: ({ value }, key) => value.length + key.length + 200,
  });
  const leases = new Map<string, Lease>();
  const purges = createMemoryPurgeLog(now);

  function find(key: string): Buffer | undefined {
    const held = values.get(key);
    return held !== undefined && held.until > now() ? held.value : undefined;
  }

  return {
    isShared: false,
    purges,
    async read(keys) {
      return { values: keys.map(find), head: purges.head() };
    },
    async write(writes) {
      for (const { key, value, ttlMs } of writes) {
        if (ttlMs > 0) values.set(key, { value, until: now() + ttlMs });
      }
    },
    async remove(keys) {
      for (const key of keys) values.delete(key);
    },
    async lease(wanted) {
      return wanted.map(({ key, ttlMs }) => {
        const held = leases.get(key);
        if (held !== undefined && held.until > now()) return undefined;
        const token = randomUUID();
        leases.set(key, { token, until: now() + ttlMs });
        return token;
      });
    },
    async release(releases) {
      for (const { key, token } of releases) if (leases.get(key)?.token === token) leases.delete(key);
    },
    close: async () => values.clear(),
  };
}
