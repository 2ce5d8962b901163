import { GatewayError } from '../../errors.ts';
import type { Charged as ChargedQuotas, QuotaState, Quotas } from '../../store/quotas.ts';
import { createMemoryQuotas } from '../../store/quotas-memory.ts';
import { StoreError } from '../../store/store.ts';
import type { Asked } from './asked.ts';
import type { Corrections } from './corrections.ts';
import {
  aheadOf,
  correctInSlice,
  createKnownQuotas,
  type KnownQuota,
  knownWait,
  note,
  takeExpired,
  takeFromSlice,
} from './known-quotas.ts';
import { publishRateLimitEvent, rateLimitEvents } from './rate-limit-events.ts';
import { type Standing, toLimits, toPolicies, toRefusal, type Violation } from './refusal.ts';
import type { Due, RuleSet } from './rule-set.ts';

/** A request that was charged. */
export interface Charged {
  /** For its answer: `RateLimit` and `RateLimit-Policy`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Tells what it has really cost, once. What was estimated is corrected a little later. */
  settle(cost: number): void;
}

/**
 * Charges a request by all rules that concern it, or refuses it and charges nothing. Gives what is known at once; `undefined` when no rule
 * concerns it.
 *
 * @throws {GatewayError} `RATE_LIMITED` or `RATE_LIMIT_UNAVAILABLE`, at once or as a rejection
 */
export type ChargeRequest = (asked: Asked) => Charged | Promise<Charged> | undefined;

export interface RateLimiterOptions {
  readonly sets: readonly RuleSet[];
  readonly quotas: Quotas;
  readonly corrections: Corrections;
  /** Whether answers have the headers. */
  readonly sendHeaders: boolean;
  /** Milliseconds of a clock that only goes forward. */
  readonly now?: () => number;
}

/** What a request is to pay, and what is known of where it is paid from. */
interface Bill extends Due {
  readonly known: KnownQuota;
  /** What of it was taken from the slice. */
  readonly fromSlice: number;
  /** When it was charged. */
  tick: number;
}

/**
 * Makes the function that charges requests: of slices that this gateway has taken ahead, else by one call of the store.
 *
 * The path without a call is synchronous: 2 µs for three rules, most of it for the headers.
 */
export function createRateLimiter(options: RateLimiterOptions): ChargeRequest {
  const { sets, quotas, corrections, sendHeaders, now = () => performance.now() } = options;
  const find = createKnownQuotas();
  const local = createMemoryQuotas({ now });
  const policies = new Map(sets.map((set) => [set, toPolicies(set.rules)]));

  return (asked) => {
    for (const set of sets) {
      const owner = set.ownerOf(asked);
      if (owner === undefined) continue;
      const dues = set.duesOf(asked);
      return dues.length === 0 ? undefined : charge(set, owner, dues, true);
    }
    return undefined;
  };

  function charge(set: RuleSet, owner: string, dues: readonly Due[], mayWait: boolean): Charged | Promise<Charged> {
    const at = now();
    const knowns = dues.map(({ key }) => find(owner, key));
    if (dues.some((due, index) => waitOf(due, knowns[index] as KnownQuota, at) > 0))
      throw refuse(set, knownViolations(dues, knowns, at), 'memory');
    const bills = dues.map((due, index) => toBill(owner, due, knowns[index] as KnownQuota, at));
    if (bills.some(isOpen)) {
      const open = bills.filter(isOpen);
      // Another request has gone for a slice, of which there may be enough for this one.
      const taking = mayWait ? open.find(({ known }) => known.taking !== undefined)?.known.taking : undefined;
      if (taking === undefined) return ask(set, owner, bills, open, at);
      giveBack(bills);
      return taking.then(() => charge(set, owner, dues, false));
    }
    for (const { known } of bills) known.chargedAt = at;
    if (rateLimitEvents.hasSubscribers) publishRateLimitEvent({ kind: 'granted', set: set.name, by: 'slice' });
    return toCharged(set, owner, bills, at);
  }

  function toBill(owner: string, due: Due, known: KnownQuota, at: number): Bill {
    const { key, rule } = due;
    const tick = known.sliceTick;
    const expired = takeExpired(known, at);
    if (expired > 0) corrections.add({ owner, key, windowMs: rule.windowMs, tick, delta: -expired });
    const { amount } = due;
    return { rule, key, amount, known, fromSlice: takeFromSlice(known, amount, at), tick };
  }

  /** Charges what slices do not have. */
  async function ask(
    set: RuleSet,
    owner: string,
    bills: readonly Bill[],
    open: readonly Bill[],
    at: number,
  ): Promise<Charged> {
    const charges = open.map(({ key, rule, amount, fromSlice, known }) => {
      const ahead = quotas.isShared ? aheadOf(known, rule, at) : 0;
      return { key, limit: rule.limit, windowMs: rule.windowMs, amount: amount - fromSlice, ahead };
    });
    const taking = open.filter((_, index) => (charges[index]?.ahead ?? 0) > 0);
    const taken = Promise.withResolvers<void>();
    for (const { known } of taking) known.taking = taken.promise;
    let charged: ChargedQuotas;
    try {
      charged = await quotas.charge(owner, charges);
    } catch (error) {
      giveBack(bills);
      return goOn(set, owner, bills, error);
    } finally {
      for (const { known } of taking) known.taking = undefined;
      // Who waits goes on when this function is through.
      taken.resolve();
    }
    for (const [index, { known, rule }] of open.entries()) note(known, rule, stateAt(charged, index), at);
    if (!charged.isGranted) {
      giveBack(bills);
      throw refuse(set, toViolations(open, charged), 'charge');
    }
    for (const [index, bill] of open.entries()) bill.tick = stateAt(charged, index).tick;
    publishRateLimitEvent({ kind: 'granted', set: set.name, by: 'store' });
    return toCharged(set, owner, bills, at);
  }

  /** Without the store. */
  async function goOn(set: RuleSet, owner: string, bills: readonly Bill[], error: unknown): Promise<Charged> {
    if (!(error instanceof StoreError)) throw error;
    const { name, onStoreFailure: by, localShare } = set;
    if (by === 'closed') {
      publishRateLimitEvent({ kind: 'closed', set: name, error });
      throw new GatewayError('RATE_LIMIT_UNAVAILABLE', 'Rate limits cannot be looked up now; try again soon.', {
        cause: error,
      });
    }
    if (by === 'local') {
      const charges = bills.map(({ key, rule, amount }) => {
        const limit = Math.max(1, rule.limit * localShare);
        // What is within the whole limit is not too much for a part of it: it takes all.
        return { key, limit, windowMs: rule.windowMs, amount: Math.min(amount, limit), ahead: 0 };
      });
      const charged = await local.charge(owner, charges);
      if (!charged.isGranted) throw refuse(set, toViolations(bills, charged), 'charge');
    }
    publishRateLimitEvent({ kind: 'granted', set: name, by });
    return { headers: {}, settle: () => {} };
  }

  function toCharged(set: RuleSet, owner: string, bills: readonly Bill[], at: number): Charged {
    return {
      headers: toHeaders(
        set,
        bills.map((bill) => standingOf(bill, bill.known, at)),
      ),
      settle: (cost) => {
        for (const bill of bills) {
          const { rule, key, amount, known, tick } = bill;
          if (rule.unit !== 'cost' || cost === amount) continue;
          const delta = correctInSlice(known, bill, cost - amount, now());
          if (delta !== 0) corrections.add({ owner, key, windowMs: rule.windowMs, tick, delta });
        }
      },
    };
  }

  function toHeaders(set: RuleSet, standings: readonly Standing[]): Readonly<Record<string, string>> {
    if (!sendHeaders) return {};
    const limits = toLimits(standings);
    return { 'ratelimit-policy': policies.get(set) ?? '', ...(limits === '' ? {} : { ratelimit: limits }) };
  }

  /** By the rule that keeps it waiting for longest. */
  function refuse(set: RuleSet, violations: readonly Violation[], by: 'memory' | 'charge'): GatewayError {
    const [first, ...others] = violations as [Violation, ...Violation[]];
    const worst = others.reduce((longest, other) => (other.waitMs > longest.waitMs ? other : longest), first);
    publishRateLimitEvent({ kind: 'refused', set: set.name, rule: worst.rule.name, by });
    return toRefusal(worst, toHeaders(set, violations));
  }
}

/** How long until a quota has enough, as far as is known without asking; else 0. */
function waitOf({ rule, amount }: Due, known: KnownQuota, at: number): number {
  return amount > rule.limit ? Number.POSITIVE_INFINITY : knownWait(known, amount, at);
}

function knownViolations(dues: readonly Due[], knowns: readonly KnownQuota[], at: number): readonly Violation[] {
  return dues.flatMap((due, index) => {
    const known = knowns[index] as KnownQuota;
    const waitMs = waitOf(due, known, at);
    return waitMs === 0 ? [] : [{ ...standingOf(due, known, at), amount: due.amount, waitMs }];
  });
}

/** Whether slices do not have all of it. */
function isOpen({ amount, fromSlice }: Bill): boolean {
  return fromSlice < amount;
}

/** What was taken from slices for a request that is not charged. */
function giveBack(bills: readonly Bill[]): void {
  for (const { known, fromSlice } of bills) known.slice += fromSlice;
}

function stateAt({ states }: ChargedQuotas, index: number): QuotaState {
  return states[index] as QuotaState;
}

function standingOf({ rule }: Due, { left, slice, leftUntil }: KnownQuota, at: number): Standing {
  return { rule, left: left + slice, forMs: leftUntil - at };
}

function toViolations(dues: readonly Due[], { states }: ChargedQuotas): Violation[] {
  return dues.flatMap(({ rule, amount }, index) => {
    const { left, forMs, waitMs } = states[index] as QuotaState;
    return waitMs === 0 ? [] : [{ rule, left, forMs, amount, waitMs }];
  });
}
