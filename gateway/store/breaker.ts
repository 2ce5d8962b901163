import type { Quotas } from './quotas.ts';
import { type Store, StoreError } from './store.ts';
import { publishStoreEvent, type StoreRole } from './store-events.ts';

export interface BreakerOptions {
  /** How many failures in a row open it; 5 by default. */
  readonly failures?: number;
  /** How long it stays open, in milliseconds; 1,000 by default. Doubled each time that the call after it fails again. */
  readonly openMs?: number;
  /** The longest it stays open, in milliseconds; 10,000 by default. */
  readonly openAtMostMs?: number;
  /** Milliseconds of a clock that only goes forward. */
  readonly now?: () => number;
}

/** Lets a call through, or fails at once. */
type Guard = <T>(call: () => Promise<T>) => Promise<T>;

/**
 * Asks nothing of a store that is away or slow: after some failures in a row everything fails at once for a while, then one
 * call goes through, and what comes of it decides. What a store refuses is no failure of that kind: it is there.
 *
 * With it, a Redis that is paused costs its deadline a few times, instead of once in each request.
 */
function createBreaker(role: StoreRole, options: BreakerOptions): Guard {
  const { failures = 5, openMs = 1_000, openAtMostMs = 10_000, now = () => performance.now() } = options;
  let failed = 0;
  let isOpen = false;
  let openFor = openMs;
  let openUntil = 0;
  let isTrying = false;

  function succeed(): void {
    failed = 0;
    if (!isOpen) return;
    isOpen = false;
    openFor = openMs;
    publishStoreEvent({ kind: 'breaker', role, state: 'closed' });
  }

  function fail(isTrial: boolean): void {
    failed++;
    if (isOpen ? !isTrial : failed < failures) return;
    if (isOpen) openFor = Math.min(openFor * 2, openAtMostMs);
    else publishStoreEvent({ kind: 'breaker', role, state: 'open' });
    isOpen = true;
    openUntil = now() + openFor;
  }

  return async (call) => {
    const isTrial = isOpen;
    if (isTrial) {
      if (isTrying || now() < openUntil) throw new StoreError('unavailable', 'the store is left alone for a while');
      isTrying = true;
    }
    try {
      const answer = await call();
      // What was sent before it opened says nothing about now.
      if (isTrial || !isOpen) succeed();
      return answer;
    } catch (error) {
      if (error instanceof StoreError && error.fault === 'refused') {
        if (isTrial || !isOpen) succeed();
      } else fail(isTrial);
      throw error;
    } finally {
      if (isTrial) isTrying = false;
    }
  };
}

/** A store with a breaker. */
export function breakStore(next: Store, options: BreakerOptions = {}): Store {
  const guard = createBreaker('cache', options);
  const { purges } = next;
  return {
    isShared: next.isShared,
    read: (keys) => guard(() => next.read(keys)),
    write: (writes) => guard(() => next.write(writes)),
    remove: (keys) => guard(() => next.remove(keys)),
    lease: (leases) => guard(() => next.lease(leases)),
    release: (releases) => guard(() => next.release(releases)),
    purges: {
      purge: (places, synced) => guard(() => purges.purge(places, synced)),
      since: (sequence) => guard(() => purges.since(sequence)),
      table: (synced) => guard(() => purges.table(synced)),
      onPurge: (listener) => purges.onPurge(listener),
    },
    close: () => next.close(),
  };
}

/** Quotas with a breaker. */
export function breakQuotas(next: Quotas, options: BreakerOptions = {}): Quotas {
  const guard = createBreaker('quotas', options);
  return {
    isShared: next.isShared,
    charge: (owner, charges) => guard(() => next.charge(owner, charges)),
    correct: (corrections) => guard(() => next.correct(corrections)),
    close: () => next.close(),
  };
}
