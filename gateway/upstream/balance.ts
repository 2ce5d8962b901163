import { type Replica, sendTo } from './replica.ts';
import type { Call } from './request-text.ts';
import type { Reply } from './response-reader.ts';
import type { AnyCall, AnyReply, Send } from './send.ts';

export interface BalanceOptions {
  readonly policy: 'least-loaded' | 'round-robin';
  /** More than this share of the addresses, from 0 to 1, is never left out at once: then all take part. */
  readonly maxOutShare: number;
  readonly now?: () => number;
  /** From 0 to 1. */
  readonly random?: () => number;
}

/**
 * Sends each call to one of several addresses: of two that are chosen at random to the one that will have it done sooner, by the calls that
 * it has and by how long they take ("power of two choices", Mitzenmacher 2001), or to each in turn. Those that are left out, refuse, or
 * were tried with this call already, are passed by where there is another.
 *
 * @param current those that there are now: one at least
 */
export function balance<C extends AnyCall = Call, R extends AnyReply = Reply>(
  current: () => readonly Replica<C, R>[],
  options: BalanceOptions,
): Send<C, R> {
  const { policy, maxOutShare, now = () => performance.now(), random = Math.random } = options;
  let turn = 0;

  function candidates(
    replicas: readonly Replica<C, R>[],
    tried: readonly object[] | undefined,
  ): readonly Replica<C, R>[] {
    const least = Math.ceil(replicas.length * (1 - maxOutShare));
    const taking = replicas.filter(({ standing }) => standing.weight() > 0);
    const all = taking.length < least ? replicas : taking;
    const willing = all.filter(({ breaker }) => !breaker.isRefusing());
    const untried = tried === undefined || tried.length === 0 ? willing : willing.filter((one) => !tried.includes(one));
    // Rather one that was tried than one that refuses, and rather one that refuses than none.
    return [untried, willing, replicas].find(({ length }) => length > 0) ?? replicas;
  }

  function chooseInTurn(among: readonly Replica<C, R>[]): Replica<C, R> {
    return pick(among, turn++);
  }

  function chooseLeastLoaded(among: readonly Replica<C, R>[]): Replica<C, R> {
    const first = Math.floor(random() * among.length);
    if (among.length === 1) return pick(among, first);
    const second = (first + 1 + Math.floor(random() * (among.length - 1))) % among.length;
    const [one, other] = [pick(among, first), pick(among, second)];
    return costOf(one) <= costOf(other) ? one : other;
  }

  const choose = policy === 'round-robin' ? chooseInTurn : chooseLeastLoaded;
  return (call) => {
    const replicas = current();
    // A hot path: nothing is to be chosen of one.
    if (replicas.length === 1) return sendTo(pick(replicas, 0), call, now);
    const chosen = choose(candidates(replicas, call.tried));
    call.tried?.push(chosen);
    return sendTo(chosen, call, now);
  };
}

/** When nothing is known of how long it takes, the calls that it has decide. In milliseconds. */
const UNKNOWN_MS = 0.1;

type Load = Pick<Replica, 'inFlight' | 'latency' | 'standing'>;

/** How long it would take, as it seems. Who has just come back gets less. */
function costOf({ inFlight, latency, standing }: Load): number {
  return ((inFlight + 1) * (latency.expected() + UNKNOWN_MS)) / Math.max(standing.weight(), 0.01);
}

function pick<One>(among: readonly One[], index: number): One {
  return among[index % among.length] as One;
}
