import { LRUCache } from 'lru-cache';
import { type QuotaState, type Quotas, TICKS } from './quotas.ts';

export interface MemoryQuotasOptions {
  /** Most bytes of what is kept, as estimated: then what was not asked for longest is forgotten, which lets it be spent anew. */
  readonly maxBytes?: number;
  /** Milliseconds of a clock that only goes forward. */
  readonly now?: () => number;
}

/** What was spent, oldest first: an amount for each tick in which anything was. */
interface Spent {
  readonly ticks: number[];
  readonly amounts: number[];
}

/** A quota at a moment, without what has left the window. */
interface Read extends Spent {
  readonly id: string;
  readonly windowMs: number;
  readonly at: number;
  readonly tick: number;
  readonly sum: number;
}

/** What an entry takes besides its amounts. */
const BYTES_OF_ENTRY = 400;

/** Quotas in this process: for a gateway without Redis, and for one that has lost it. */
export function createMemoryQuotas(options: MemoryQuotasOptions = {}): Quotas {
  const { maxBytes = 64_000_000, now = () => performance.now() } = options;
  const all = new LRUCache<string, Spent>({
    maxSize: maxBytes,
    sizeCalculation: ({ ticks }, id) => BYTES_OF_ENTRY + 2 * id.length + 16 * ticks.length,
  });

  function read(owner: string, key: string, windowMs: number): Read {
    const id = `${owner}\n${windowMs}\n${key}`;
    const at = now();
    const tick = Math.floor((at * TICKS) / windowMs);
    const { ticks, amounts } = all.get(id) ?? { ticks: [], amounts: [] };
    const first = ticks.findIndex((each) => each + TICKS >= tick);
    const from = first === -1 ? ticks.length : first;
    const within = amounts.slice(from);
    const sum = within.reduce((total, amount) => total + amount, 0);
    return { id, windowMs, at, tick, ticks: ticks.slice(from), amounts: within, sum };
  }

  function add({ id, tick, ticks, amounts }: Read, amount: number): void {
    if (ticks.at(-1) === tick) amounts.push((amounts.pop() ?? 0) + amount);
    else {
      ticks.push(tick);
      amounts.push(amount);
    }
    all.set(id, { ticks, amounts });
  }

  return {
    isShared: false,
    async charge(owner, charges) {
      const asked = charges.map((charge) => {
        const quota = read(owner, charge.key, charge.windowMs);
        return { ...charge, quota, waitMs: waitFor(quota, charge.limit - charge.amount) };
      });
      const isGranted = asked.every(({ waitMs }) => waitMs === 0);
      const states = asked.map(({ limit, amount, ahead: wanted, quota, waitMs }): QuotaState => {
        const ahead = isGranted ? Math.min(wanted, limit - quota.sum - amount) : 0;
        const taken = isGranted ? amount + ahead : 0;
        if (taken > 0) add(quota, taken);
        const left = Math.max(0, limit - quota.sum - taken);
        const forMs = endsIn(quota, quota.ticks[0] ?? quota.tick);
        return { left, forMs, ahead, waitMs, tick: quota.tick };
      });
      return { isGranted, states };
    },
    async correct(corrections) {
      for (const { owner, key, windowMs, tick, delta } of corrections) {
        const quota = read(owner, key, windowMs);
        const place = quota.ticks.indexOf(tick);
        if (place === -1) {
          if (delta > 0) add(quota, delta);
          continue;
        }
        quota.amounts[place] = Math.max(0, (quota.amounts[place] ?? 0) + delta);
        all.set(quota.id, { ticks: quota.ticks, amounts: quota.amounts });
      }
    },
    close: async () => all.clear(),
  };
}

/** How long until what was spent at a tick is free again, in milliseconds. */
function endsIn({ windowMs, at }: Read, tick: number): number {
  return ((tick + 1 + TICKS) * windowMs) / TICKS - at;
}

/** How long until no more than so much is spent, in milliseconds. */
function waitFor(quota: Read, atMost: number): number {
  const { ticks, amounts, tick } = quota;
  if (quota.sum <= atMost) return 0;
  if (atMost < 0) return Number.POSITIVE_INFINITY;
  let rest = quota.sum;
  const last = ticks.find((_, index) => {
    rest -= amounts[index] ?? 0;
    return rest <= atMost;
  });
  // Rounding may leave a rest when all has ended.
  return endsIn(quota, last ?? ticks.at(-1) ?? tick);
}
