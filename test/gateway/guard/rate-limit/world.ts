import { GatewayError } from '../../../../gateway/errors.ts';
import type { Asked } from '../../../../gateway/guard/rate-limit/asked.ts';
import { type Corrections, createCorrections } from '../../../../gateway/guard/rate-limit/corrections.ts';
import {
  type Charged,
  type ChargeRequest,
  createRateLimiter,
} from '../../../../gateway/guard/rate-limit/rate-limiter.ts';
import type { Quotas } from '../../../../gateway/store/quotas.ts';
import { createMemoryQuotas } from '../../../../gateway/store/quotas-memory.ts';
import { ask, setsOf } from './ask.ts';

export const HOUR_S = 3_600;
/** Of an hour's limit: how long a slice lasts, and a pause after which a client is no busy one. */
export const SLICE_MS = 360_000;
export const PAUSE_MS = 36_000;

/** Who spends by the set `all`: one address. */
const OWNER = 'all\n11:203.0.113.1';

/** Quotas on a clock of the test, of which several limiters spend as gateways do. */
export interface World {
  now: number;
  /** How often the store was asked for charges, and for corrections. */
  readonly calls: { charge: number; correct: number };
  readonly corrections: Corrections;
  /** Another gateway, with these sets of rules. */
  openSets(sets: object, options?: { readonly sendHeaders?: boolean }): ChargeRequest;
  /** One with these rules for everybody, by address. */
  open(rules: object): ChargeRequest;
  /** What the store has of an hourly quota. */
  leftOf(key: string, limit: number): Promise<number | undefined>;
}

export function createWorld(): World {
  const memory = createMemoryQuotas({ now: () => world.now });
  const quotas: Quotas = {
    ...memory,
    isShared: true,
    charge: (owner, charges) => {
      world.calls.charge++;
      return memory.charge(owner, charges);
    },
    correct: (all) => {
      world.calls.correct++;
      return memory.correct(all);
    },
  };
  const world: World = {
    now: 1e6,
    calls: { charge: 0, correct: 0 },
    corrections: createCorrections(quotas),
    openSets: (sets, { sendHeaders = true } = {}) =>
      createRateLimiter({
        sets: setsOf(sets),
        ...{ quotas, corrections: world.corrections, sendHeaders, now: () => world.now },
      }),
    open: (rules) => world.openSets({ all: { client: ['ip'], rules } }),
    leftOf: async (key, limit) => {
      const { states } = await memory.charge(OWNER, [{ key, limit, windowMs: 1_000 * HOUR_S, amount: 0, ahead: 0 }]);
      return states[0]?.left;
    },
  };
  return world;
}

/** A request of one address, at a cost of 1. */
export async function charge(
  limiter: ChargeRequest | undefined,
  changes: Partial<Asked> = {},
  query?: string,
): Promise<Charged | undefined> {
  return limiter?.(ask(changes, query));
}

export async function isGranted(limiter: ChargeRequest | undefined, changes: Partial<Asked> = {}): Promise<boolean> {
  try {
    await charge(limiter, changes);
    return true;
  } catch (error) {
    if (error instanceof GatewayError) return false;
    throw error;
  }
}

/** How many of so many, one after the other. */
export async function grantedOf(count: number, limiter: ChargeRequest, changes: Partial<Asked> = {}): Promise<number> {
  let granted = 0;
  for (let index = 0; index < count; index++) if (await isGranted(limiter, changes)) granted++;
  return granted;
}

/** @throws when it is granted */
export async function refusal(limiter: ChargeRequest, changes: Partial<Asked> = {}): Promise<GatewayError> {
  try {
    await charge(limiter, changes);
  } catch (error) {
    return error as GatewayError;
  }
  throw new Error('it was not refused');
}
