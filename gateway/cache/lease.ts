import { setTimeout as pause } from 'node:timers/promises';
import type { Store } from '../store/store.ts';
import type { Found, Levels } from './levels.ts';

export interface LeasesOptions {
  readonly store: Store;
  readonly levels: Levels;
  /** How long a lease is held at most, in milliseconds: whoever holds it may have died. */
  readonly leaseMs: number;
  /** How long one waits for another's answer, in milliseconds. */
  readonly waitMs: number;
  /** For how long nobody waits for a key after its answer turned out to be for one alone, in milliseconds. */
  readonly aloneMs: number;
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
}

/** How it came out that a key was to be fetched by one gateway only. */
export type Leased =
  /** It is for this one to fetch, and to release. */
  | { readonly kind: 'held'; readonly token: string }
  /** Another did. */
  | { readonly kind: 'found'; readonly found: Found }
  /** Nobody is to be waited for. */
  | { readonly kind: 'alone' };

/** Leases across gateways. Nothing here fails: without the store each fetches for itself. */
export interface Leases {
  /** Takes a key, or waits for what comes of another's taking it. */
  take(key: string, mayWait: boolean, signal: AbortSignal): Promise<Leased>;
  release(key: string, token: string): Promise<void>;
  /** Tells those who wait elsewhere, and the next ones, not to. */
  markAlone(key: string): Promise<void>;
}

const FIRST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 50;

const toLeaseKey = (key: string) => `${key}:lease`;
const toAloneKey = (key: string) => `${key}:alone`;

/** Makes them. */
export function createLeases({ store, levels, leaseMs, waitMs, aloneMs, now }: LeasesOptions): Leases {
  const ALONE: Leased = { kind: 'alone' };

  async function tryTake(key: string): Promise<Leased | undefined> {
    const [token] = await store.lease([{ key: toLeaseKey(key), ttlMs: leaseMs }]);
    return token === undefined ? undefined : { kind: 'held', token };
  }

  async function wait(key: string, signal: AbortSignal): Promise<Leased> {
    const until = now() + waitMs;
    for (let pauseMs = FIRST_PAUSE_MS; now() < until; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      await pause(pauseMs, undefined, { signal });
      // In one turn, so that it is one trip where reads are batched.
      const [[found], { values }] = await Promise.all([
        levels.read([key]),
        store.read([toLeaseKey(key), toAloneKey(key)]),
      ]);
      if (found?.freshness === 'fresh') return { kind: 'found', found };
      const [lease, alone] = values;
      if (alone !== undefined) return ALONE;
      // Who held it has died, or its answer was void before it was there.
      const taken = lease === undefined ? await tryTake(key) : undefined;
      if (taken !== undefined) return taken;
    }
    return ALONE;
  }

  return {
    async take(key, mayWait, signal) {
      try {
        return (await tryTake(key)) ?? (mayWait ? await wait(key, signal) : ALONE);
      } catch {
        // The store is away, or nobody waits any more.
        return ALONE;
      }
    },
    release: (key, token) => store.release([{ key: toLeaseKey(key), token }]).catch(() => undefined),
    markAlone: (key) =>
      store.write([{ key: toAloneKey(key), value: Buffer.from('1'), ttlMs: aloneMs }]).catch(() => undefined),
  };
}
