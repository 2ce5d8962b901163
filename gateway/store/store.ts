import type { Running } from '../../service/run.ts';
import type { PurgeLog } from './purge-log.ts';

/**
 * Small state that several gateways share: values under keys, short leases, and the log of purges.
 *
 * Everything may fail with a `StoreError`, within a deadline, and nothing waits for a connection to come back. Whoever calls
 * goes on without: what is in a store can always be had again.
 */
export interface Store extends Running {
  /** Whether other processes see it. Without that there is nothing to gain from it beside memory of one's own. */
  readonly isShared: boolean;
  /** Several values, and in the same trip the head of the purge log. No keys: the head alone. */
  read(keys: readonly string[]): Promise<StoreRead>;
  /**
   * All in one trip. A write whose time ran out may still be applied later: that is harmless, because who reads a value judges
   * it by what it says about itself, never by when it was written.
   */
  write(writes: readonly StoreWrite[]): Promise<void>;
  remove(keys: readonly string[]): Promise<void>;
  /** Takes keys for a while, each for itself. @returns what to release it with, or nothing when another has it */
  lease(leases: readonly StoreLease[]): Promise<readonly (string | undefined)[]>;
  /** Gives keys back, unless their time ran out and another has them now. */
  release(releases: readonly StoreRelease[]): Promise<void>;
  readonly purges: PurgeLog;
}

export interface StoreRead {
  /** In the order of the keys. May be slices of something larger: to be copied by who keeps them. */
  readonly values: readonly (Buffer | undefined)[];
  /** Nothing when the log is lost, or was never begun. */
  readonly head: number | undefined;
}

export interface StoreWrite {
  readonly key: string;
  readonly value: Buffer;
  /** From now on, in milliseconds; what is not positive is not written. */
  readonly ttlMs: number;
}

export interface StoreLease {
  readonly key: string;
  /** From now on, in milliseconds. */
  readonly ttlMs: number;
}

export interface StoreRelease {
  readonly key: string;
  readonly token: string;
}

/**
 * Why a store did not do what was asked. `timeout`: not within the deadline, it may still have been done. `unavailable`: no
 * connection, or no server that can answer now. `refused`: it answered that it will not, being out of memory for example.
 */
export type StoreFault = 'timeout' | 'unavailable' | 'refused';

export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly fault: StoreFault;

  constructor(fault: StoreFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }
}
