import { LRUCache } from 'lru-cache';
import { type QuotaState, TICKS } from '../../store/quotas.ts';
import type { Rule } from './rule-set.ts';

/** What this gateway knows of a quota of which others spend, too. Times are those of its own clock, in milliseconds. */
export interface KnownQuota {
  /** What was taken ahead and is not spent yet: to be spent without asking, */
  slice: number;
  /** until then, */
  sliceUntil: number;
  /** as what was charged in this tick. */
  sliceTick: number;
  /** Settled, without an error, when what is being taken ahead has come. */
  taking: Promise<void> | undefined;
  /** When it was last charged, to the slice or in the store. */
  chargedAt: number;
  /** What it had left then, */
  left: number;
  /** for how long. */
  leftUntil: number;
  /** So long it need not be asked for more than is left, */
  refusedUntil: number;
  /** which it will have then. */
  freeAt: number;
}

/** Most of a limit that a gateway takes ahead: two of them are together within a hundredth of it. */
const SLICE = 0.005;

/** A refusal is taken for granted so long at most, in milliseconds: corrections may give back what another has spent. */
const REFUSED_MS = 1_000;

/**
 * Bytes of what is known, as estimated: some fifty thousand quotas. Of one that is forgotten the store knows the rest, so that a flood of
 * clients costs calls and no memory.
 */
const MOST_BYTES = 20_000_000;
const BYTES_OF_ENTRY = 350;

export type FindKnown = (owner: string, key: string) => KnownQuota;

/** Makes the function that gives what is known of a quota, to be changed. @param maxBytes as estimated */
export function createKnownQuotas(maxBytes = MOST_BYTES): FindKnown & { readonly bytes: () => number } {
  const all = new LRUCache<string, KnownQuota>({
    maxSize: maxBytes,
    sizeCalculation: (_, id) => BYTES_OF_ENTRY + 2 * id.length,
  });
  const find = (owner: string, key: string): KnownQuota => {
    const id = `${owner}\n${key}`;
    let known = all.get(id);
    if (known === undefined) {
      known = { slice: 0, sliceUntil: 0, sliceTick: 0, taking: undefined, ...NEVER_ASKED };
      all.set(id, known);
    }
    return known;
  };
  return Object.assign(find, { bytes: () => all.calculatedSize });
}

const NEVER_ASKED = { chargedAt: Number.NEGATIVE_INFINITY, left: 0, leftUntil: 0, refusedUntil: 0, freeAt: 0 };

/**
 * How long a slice lasts: this part of the window. What is spent of it counts from when it was taken, so that within a window no more than one
 * slice can be spent beyond the limit; what is not spent is nobody's as long.
 */
const LIFETIME = 0.1;

/** Takes from the slice what is there of an amount. @returns how much that is */
export function takeFromSlice(known: KnownQuota, amount: number, at: number): number {
  if (at >= known.sliceUntil) return 0;
  const taken = Math.min(known.slice, amount);
  known.slice -= taken;
  return taken;
}

/** What a request was charged of a quota. */
export interface SliceCharge {
  readonly amount: number;
  /** What of it was taken from the slice. */
  readonly fromSlice: number;
  /** When it was charged. */
  readonly tick: number;
}

/**
 * Corrects a charge in the slice that it was taken from, if that is still there: what was not used goes back into it, and is spent by the next who
 * asks; what is missing is taken from it. The store need not hear of it.
 *
 * @param delta what is to be charged more; negative for less
 * @returns what of it the store has to correct
 */
export function correctInSlice(known: KnownQuota, charge: SliceCharge, delta: number, at: number): number {
  const { amount, fromSlice, tick } = charge;
  if (fromSlice < amount || known.sliceTick !== tick || at >= known.sliceUntil) return delta;
  const inSlice = Math.min(delta, known.slice);
  known.slice -= inSlice;
  return delta - inSlice;
}

/** What is left of a slice whose time is over, which is then nobody's. */
export function takeExpired(known: KnownQuota, at: number): number {
  if (at < known.sliceUntil) return 0;
  const { slice } = known;
  known.slice = 0;
  return slice;
}

/** How much to take ahead when the store is asked: nothing for a client that asks seldom, whose slice would go to waste. */
export function aheadOf(known: KnownQuota, rule: Rule, at: number): number {
  if (known.taking !== undefined || at - known.chargedAt >= rule.windowMs / TICKS) return 0;
  return Math.floor(rule.limit * SLICE);
}

/** Notes what the store says. @param at when it was asked: what it counts is no older */
export function note(
  known: KnownQuota,
  rule: Rule,
  { left, forMs, ahead, waitMs, tick }: QuotaState,
  at: number,
): void {
  known.chargedAt = at;
  known.left = left;
  known.leftUntil = at + forMs;
  if (waitMs > 0) {
    known.refusedUntil = at + Math.min(waitMs, REFUSED_MS);
    known.freeAt = at + waitMs;
  }
  if (ahead > 0) {
    known.slice += ahead;
    known.sliceUntil = at + LIFETIME * rule.windowMs;
    known.sliceTick = tick;
  }
}

/** How long until there is enough, when the store need not be asked to know that there is not; else 0. In milliseconds. */
export function knownWait(known: KnownQuota, amount: number, at: number): number {
  if (at >= known.refusedUntil) return 0;
  const slice = at < known.sliceUntil ? known.slice : 0;
  return amount > known.left + slice ? known.freeAt - at : 0;
}
