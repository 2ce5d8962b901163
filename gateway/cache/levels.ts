import type { Running } from '../../service/run.ts';
import type { Store } from '../store/store.ts';
import { cacheEvents, type LookupResult, publishCacheEvent } from './cache-events.ts';
import { decodeEntry, type Entry, encodeEntry, endOf } from './entry.ts';
import { createMemoryLevel, type Freshness, freshnessOf } from './memory-level.ts';
import type { PurgeState } from './purge-state.ts';
import { createWriteBehind } from './write-behind.ts';

export interface LevelsOptions {
  /** When it is not shared, it is not asked: there is nothing in it that is not in memory. */
  readonly store: Store;
  readonly purges: PurgeState;
  /** How much memory entries in this process may take, in bytes; 0 for none. */
  readonly memoryBytes: number;
  /** How many bytes may wait to be written to the store; 64,000,000 by default. */
  readonly maxWaitingBytes?: number;
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

/** An entry that may be used now. */
export interface Found {
  readonly entry: Entry;
  /**
   * `fresh`: it answers. `stale`: it answers while a newer one is fetched. `for errors`: it answers when no newer one can be had; to be
   * judged again then, by `judge`.
   */
  readonly freshness: Exclude<Freshness, 'over'>;
  /** How old it is, in milliseconds. */
  readonly ageMs: number;
  readonly level: 'l1' | 'l2';
}

/** Entries in memory (L1) and in the store (L2), judged whenever they are used. */
export interface Levels extends Running {
  /** Whether there is a store that others read, too. */
  readonly isShared: boolean;
  /** From memory, if that may answer alone: what is fresh; without a store, whatever there is. A hot path: nothing to wait for. */
  peek(key: string): Found | undefined;
  /** In the order of the keys, in at most one trip to the store. Never fails: what cannot be read or judged is not found. */
  read(keys: readonly string[]): Promise<readonly (Found | undefined)[]>;
  /** What an entry that was found or fetched before is good for now, if anything: to be asked at the moment it is used. */
  judge(entry: Entry): Exclude<Freshness, 'over'> | undefined;
  /** Whether something new is to be kept under a key, in memory or in the store. To be asked once, before it is kept. */
  wants(key: string): boolean;
  /** Keeps an entry: in memory now, in the store soon. Void or past ones are not kept. */
  keep(key: string, entry: Entry): void;
  /** Keeps an entry, and resolves when the store has it or did not take it: for those who wait elsewhere. */
  keepNow(key: string, entry: Entry): Promise<void>;
  /** Forgets keys, here and in the store. */
  remove(keys: readonly string[]): void;
  /** Resolves when what waits to be written was written, or dropped. */
  flush(): Promise<void>;
  /** Of memory, for those who look on. */
  look(): { readonly bytes: number; readonly count: number };
}

/** Puts the levels together. */
export function createLevels(options: LevelsOptions): Levels {
  const { store, purges, memoryBytes, maxWaitingBytes = 64_000_000, now = Date.now } = options;
  const memory = createMemoryLevel(memoryBytes, now);
  const writes = createWriteBehind({ store, maxBytes: maxWaitingBytes, now });

  function judge(entry: Entry): Found['freshness'] | undefined {
    const freshness = freshnessOf(entry, now());
    return freshness !== 'over' && purges.isValid(entry) ? freshness : undefined;
  }

  function toFound(entry: Entry | undefined, level: Found['level']): Found | undefined {
    const freshness = entry && judge(entry);
    return entry && freshness && { entry, freshness, ageMs: Math.max(0, now() - entry.madeAt), level };
  }

  function tell(found: Found | undefined, result: LookupResult = found?.freshness ?? 'miss'): void {
    if (cacheEvents.hasSubscribers) publishCacheEvent({ kind: 'lookup', result, level: found?.level });
  }

  /** Those of the keys that are in the store and can be read; the log is caught up with before they are judged. */
  async function readStore(keys: readonly string[]): Promise<ReadonlyMap<string, Entry> | undefined> {
    const entries = new Map<string, Entry>();
    try {
      const begun = purges.begin();
      const { values, head } = await store.read(keys);
      const observing = purges.observe(head, begun);
      if (observing !== undefined) await observing;
      const undecodable: string[] = [];
      for (const [index, key] of keys.entries()) {
        const value = values[index];
        if (value === undefined) continue;
        const entry = decodeEntry(key, value);
        if (entry === undefined) undecodable.push(key);
        else entries.set(key, entry);
      }
      if (undecodable.length > 0) {
        for (const _ of undecodable) tell(undefined, 'undecodable');
        store.remove(undecodable).catch(() => undefined);
      }
      return entries;
    } catch {
      // Published by the store. Nothing can be judged.
      return undefined;
    }
  }

  function better(a: Found | undefined, b: Found | undefined): Found | undefined {
    if (a === undefined || b === undefined) return a ?? b;
    return b.entry.freshUntil > a.entry.freshUntil ? b : a;
  }

  function readMemory(key: string): Found | undefined {
    const found = toFound(memory.get(key), 'l1');
    tell(found);
    return found;
  }

  async function read(keys: readonly string[]): Promise<readonly (Found | undefined)[]> {
    const own = keys.map((key) => memory.get(key));
    const isConfirmed = purges.isConfirmed();
    const wanted = keys.filter((_, index) => toFound(own[index], 'l1')?.freshness !== 'fresh');
    const isAlone = isConfirmed && wanted.length === 0;
    const stored = isAlone || !store.isShared ? new Map<string, Entry>() : await readStore(wanted);
    const mayUseOwn = stored !== undefined || purges.isConfirmed();
    return keys.map((key, index) => {
      const entry = stored?.get(key);
      // Again, whatever was found before: a purge may have come meanwhile.
      const ofStore = toFound(entry, 'l2');
      const found = better(mayUseOwn ? toFound(own[index], 'l1') : undefined, ofStore);
      if (found !== undefined && found === ofStore && memory.wants(key)) memory.set(key, found.entry);
      tell(found, stored === undefined ? 'failed' : entry !== undefined && !purges.isValid(entry) ? 'void' : undefined);
      return found;
    });
  }

  /** @returns its bytes for the store, when it is worth keeping there */
  function keepHere(key: string, entry: Entry): Buffer | undefined {
    if (judge(entry) === undefined) return undefined;
    if (!store.isShared || memory.wants(key)) memory.set(key, entry);
    if (!store.isShared) return undefined;
    const bytes = encodeEntry(key, entry);
    publishCacheEvent({ kind: 'store', bytes: bytes.length });
    return bytes;
  }

  return {
    peek: (key) => {
      if (!store.isShared) return readMemory(key);
      if (!purges.isConfirmed()) return undefined;
      const found = toFound(memory.get(key), 'l1');
      if (found?.freshness !== 'fresh') return undefined;
      tell(found);
      return found;
    },
    isShared: store.isShared,
    read,
    judge,
    wants: (key) => store.isShared || memory.wants(key),
    keep: (key, entry) => {
      const bytes = keepHere(key, entry);
      if (bytes !== undefined) writes.add(key, bytes, endOf(entry));
    },
    keepNow: async (key, entry) => {
      const value = keepHere(key, entry);
      if (value === undefined) return;
      await store.write([{ key, value, ttlMs: endOf(entry) - now() }]).catch(() => {
        publishCacheEvent({ kind: 'dropped', entries: 1, bytes: value.length });
      });
    },
    remove: (keys) => {
      for (const key of keys) memory.delete(key);
      if (store.isShared) store.remove(keys).catch(() => undefined);
    },
    flush: () => writes.flush(),
    look: () => ({ bytes: memory.bytes(), count: memory.count() }),
    close: async () => {
      await writes.close();
      memory.clear();
    },
  };
}
