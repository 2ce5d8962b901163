import { LRUCache } from 'lru-cache';
import type { Store } from '../store/store.ts';
import { createFlights, type Flight } from '../upstream/flights.ts';
import { publishCacheEvent } from './cache-events.ts';
import type { Entry } from './entry.ts';
import { createLeases } from './lease.ts';
import type { Found, Levels } from './levels.ts';
import type { PurgeState } from './purge-state.ts';

/** Something that is not there and has to be fetched. */
export interface Wanted<T> {
  /** Who wants the same key waits for the same answer. */
  readonly key: string;
  /** How many mutations had ended when it was asked for: nobody joins what began before the last one (read your writes). */
  readonly epoch: number;
  /** Whether other gateways are waited for too, which costs a trip to the store. */
  readonly isLeased: boolean;
  /** Whether it is fetched without waiting for anybody, or being waited for. */
  readonly isAlone?: boolean;
  /** Whether what is under the key is for this one; by default it is. */
  readonly isFor?: (entry: Entry) => boolean;
  /** Ends the waiting of this one; the fetch ends when nobody waits for it any more. */
  readonly signal?: AbortSignal;
  /** When its time is up, by `performance.now()`: then it fetches alone, which has no time to succeed. */
  readonly deadline?: number;
  /**
   * Fetches it.
   *
   * @param signal that of those who wait for it; `undefined` when it is fetched for one alone
   * @param born what the entry that is made of it has as its `born`
   */
  readonly fetch: (signal: AbortSignal | undefined, born: number) => Promise<Fetched<T>>;
}

/** What a fetch brought, and whether those who wait for it may have it. */
export type Fetched<T> = { readonly value: T } & (
  | {
      readonly audience: 'everyone';
      /** Kept under the key that was waited for. Without one the value is given to nobody who waits. */
      readonly keep: { readonly entry: Entry } | undefined;
    }
  | {
      /** It is private, or nothing that may be given twice. */
      readonly audience: 'owner';
      /** Kept under a key that only its owner asks for; under the one that was waited for it would be everyone's, and is not kept. */
      readonly keep: { readonly entry: Entry; readonly key: string } | undefined;
    }
);

/** How it came. */
export type Filled<T> =
  /** By the caller's own fetch. */
  | { readonly source: 'fetched'; readonly value: T; readonly entry: Entry | undefined }
  /** By another's fetch in this process, which began after the last mutation and is valid. */
  | { readonly source: 'joined'; readonly value: T; readonly entry: Entry }
  /** By another gateway's fetch. */
  | { readonly source: 'lease'; readonly found: Found };

export interface FillOptions {
  readonly store: Store;
  readonly levels: Levels;
  readonly purges: PurgeState;
  /** How long a lease is held at most, in milliseconds; 5,000 by default. */
  readonly leaseMs?: number;
  /** How long one waits for another gateway's answer, in milliseconds; 2,000 by default. */
  readonly waitMs?: number;
  /** For how long nobody waits for a key after its answer turned out to be for one alone, in milliseconds; 5,000 by default. */
  readonly aloneMs?: number;
  /** Milliseconds of a clock that only goes forward. */
  readonly now?: () => number;
}

/** Fetches what is wanted, or waits for the one who does. Fails as the fetch does. */
export type Fill<T> = (wanted: Wanted<T>) => Promise<Filled<T>>;

/** What a flight brings: a caller's own answer says for whom it is. */
type Landed<T> = (Filled<T> & { readonly source: 'lease' }) | { readonly source: 'own'; readonly fetched: Fetched<T> };

const toFilled = <T>({ value, keep }: Fetched<T>): Filled<T> => ({ source: 'fetched', value, entry: keep?.entry });

/** How often one waits again when what was waited for was void by the time it came. */
const ROUNDS = 2;

/**
 * Makes the function through which misses go: one flight for each key in this process, one fetch for each among gateways.
 *
 * @param toCancelled makes the error for who leaves
 */
export function createFill<T>(options: FillOptions, toCancelled: () => Error): Fill<T> {
  const { store, levels, purges, leaseMs = 5_000, waitMs = 2_000, aloneMs = 5_000 } = options;
  const { now = () => performance.now() } = options;
  const flights = createFlights<Landed<T>>(toCancelled);
  const leases = createLeases({ store, levels, leaseMs, waitMs, aloneMs, now });
  /** Keys for which nobody waits, and until when. */
  const alone = new LRUCache<string, number>({ max: 10_000 });
  let epoch = 0;
  let mutatedAt = Number.NEGATIVE_INFINITY;

  /**
   * A lease that another gateway holds now may have begun before a mutation that ended here. It is held for so long at most: after
   * that time each that is held began later.
   */
  function mayWaitForLease(wanted: Wanted<T>): boolean {
    if (wanted.epoch > epoch) {
      epoch = wanted.epoch;
      mutatedAt = now();
    }
    return now() - mutatedAt > leaseMs;
  }

  /** @param flight that others may join */
  async function fetch(wanted: Wanted<T>, flight?: Flight, token?: string): Promise<Landed<T> & { source: 'own' }> {
    let fetched: Fetched<T> | undefined;
    try {
      fetched = await wanted.fetch(flight?.signal, purges.born());
    } finally {
      // Nobody waits for this but those who wait elsewhere.
      void settle(wanted, fetched, token);
    }
    return { source: 'own', fetched };
  }

  async function settle({ key }: Wanted<T>, fetched: Fetched<T> | undefined, token: string | undefined): Promise<void> {
    if (fetched?.audience === 'owner') alone.set(key, now() + aloneMs);
    else if (fetched !== undefined && alone.size > 0) alone.delete(key);
    if (fetched?.audience === 'owner') {
      const { keep } = fetched;
      if (keep !== undefined && keep.key !== key && levels.wants(keep.key)) levels.keep(keep.key, keep.entry);
      if (token !== undefined) await leases.markAlone(key);
    } else if (fetched?.keep !== undefined && levels.wants(key)) {
      if (token === undefined) levels.keep(key, fetched.keep.entry);
      else await levels.keepNow(key, fetched.keep.entry);
    }
    if (token !== undefined) await leases.release(key, token);
  }

  /** The one fetch of a flight. */
  function lead(wanted: Wanted<T>, flight: Flight, mayWait: boolean): Promise<Landed<T>> {
    if (!wanted.isLeased || !store.isShared) return fetch(wanted, flight);
    return leases.take(wanted.key, mayWait, flight.signal).then((leased): Promise<Landed<T>> | Landed<T> => {
      if (leased.kind === 'found') return { source: 'lease', found: leased.found };
      return fetch(wanted, flight, leased.kind === 'held' ? leased.token : undefined);
    });
  }

  /** What one who did not fetch may have of it. */
  function share(landed: Landed<T>, { isFor = () => true }: Wanted<T>): Filled<T> | 'void' | 'not for others' {
    if (landed.source === 'lease' && !isFor(landed.found.entry)) return 'not for others';
    if (landed.source === 'lease') return levels.judge(landed.found.entry) === undefined ? 'void' : landed;
    const { audience, keep, value } = landed.fetched;
    if (audience === 'owner' || keep === undefined || !isFor(keep.entry)) return 'not for others';
    return levels.judge(keep.entry) === undefined ? 'void' : { source: 'joined', value, entry: keep.entry };
  }

  async function wait(wanted: Wanted<T>): Promise<Filled<T> | undefined> {
    const mayWait = mayWaitForLease(wanted) && now() + waitMs < (wanted.deadline ?? Number.POSITIVE_INFINITY);
    const { key } = wanted;
    for (let round = 0; round < ROUNDS; round++) {
      if ((alone.get(key) ?? 0) > now()) return undefined;
      const { answer, wasUnderWay } = flights.join(`${wanted.epoch} ${key}`, wanted, (flight) =>
        lead(wanted, flight, mayWait),
      );
      if (!wasUnderWay) {
        const landed = await answer;
        if (landed.source === 'own') return toFilled(landed.fetched);
        const shared = share(landed, wanted);
        return typeof shared === 'string' ? undefined : shared;
      }
      try {
        const shared = share(await answer, wanted);
        if (shared === 'not for others') return undefined;
        if (shared !== 'void') return shared;
      } catch (error) {
        if (wanted.signal?.aborted === true) throw error;
        // It failed for the one who asked; that says little about another.
        return undefined;
      }
    }
    return undefined;
  }

  return async (wanted) => {
    let filled = wanted.isAlone === true ? undefined : await wait(wanted);
    if (filled === undefined) {
      filled = toFilled((await fetch(wanted)).fetched);
    }
    publishCacheEvent({ kind: 'fill', source: filled.source });
    return filled;
  };
}
