import type { Running } from '../../service/run.ts';

/** So much of something may be spent in a window of time. */
export interface Quota {
  /** What it is called among those of its owner. */
  readonly key: string;
  readonly limit: number;
  readonly windowMs: number;
}

export interface Charge extends Quota {
  /** What is to be spent; 0 or more. */
  readonly amount: number;
  /** What more to take of it, as far as there is: for the caller to spend without asking. */
  readonly ahead: number;
}

/** A quota after a charge. */
export interface QuotaState {
  /** What is left to be spent; 0 or more. */
  readonly left: number;
  /** No more than that can be spent within this time, in milliseconds. */
  readonly forMs: number;
  /** What was taken ahead. */
  readonly ahead: number;
  /** After how long there is enough for what was to be spent, in milliseconds: 0 when there is, Infinity when there never is. */
  readonly waitMs: number;
  /** When it was spent, for a correction: ticks of the store's own clock. */
  readonly tick: number;
}

export interface Charged {
  /** Whether all was spent, else nothing was. */
  readonly isGranted: boolean;
  /** In the order of the charges. */
  readonly states: readonly QuotaState[];
}

/** What was charged turned out to be another amount. */
export interface Correction {
  readonly owner: string;
  readonly key: string;
  readonly windowMs: number;
  /** Of the charge. */
  readonly tick: number;
  /** What to add to it; negative for what is given back. */
  readonly delta: number;
}

/**
 * Quotas that several gateways share. They fail with a `StoreError`, within a deadline.
 *
 * The window slides: in no period as long as it is more spent than the limit. It moves on in ticks of a hundredth, so that what was spent
 * is free again when the window has passed since then, or up to a hundredth of it later. What is kept of a quota is an amount for
 * each tick in which something was spent, and it is forgotten when the window has passed.
 */
export interface Quotas extends Running {
  /** Whether other processes see them. */
  readonly isShared: boolean;
  /** Spends of several quotas of one owner, or of none when one of them has not enough. @param owner any text */
  charge(owner: string, charges: readonly Charge[]): Promise<Charged>;
  /**
   * Changes what was charged, as if it had been so from the beginning. What is more than was charged counts also where the limit is
   * reached; what has left the window meanwhile is not given back.
   */
  correct(corrections: readonly Correction[]): Promise<void>;
}

/** Into how many ticks a window is divided. More are more exact and take more memory: 16 bytes for each in which something is spent. */
export const TICKS = 100;
