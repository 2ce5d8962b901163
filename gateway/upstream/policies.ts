import { type BalanceOptions, balance } from './balance.ts';
import { type BreakerOptions, type BreakerState, breaker } from './breaker.ts';
import { deadline } from './deadline.ts';
import { limit } from './limit.ts';
import { createReplica, type Replica } from './replica.ts';
import { type RetryOptions, retry } from './retry.ts';
import type { AnyCall, AnyReply, Send } from './send.ts';
import type { StandingOptions } from './standing.ts';

export interface PolicyOptions {
  /** From sending to the reply, further tries included, in milliseconds. */
  readonly timeoutMs: number;
  /** Connections kept to each address. */
  readonly connections: number;
  /** Calls that wait for a connection. */
  readonly maxQueued: number;
  readonly balance: BalanceOptions;
  readonly retry: Omit<RetryOptions, 'hasOthers'>;
  readonly breaker: Omit<BreakerOptions, 'name'>;
  readonly ejection: StandingOptions;
}

/** One address, and what sends a call to it once. */
export interface Exchange<C extends AnyCall, R extends AnyReply> {
  readonly url: string;
  readonly send: Send<C, R>;
}

/** A destination as one, with all that stands before its addresses. */
export interface Governed<C extends AnyCall, R extends AnyReply> {
  readonly send: Send<C, R>;
  look(): readonly ReplicaState[];
}

/** How one address does, for those who look on. */
export interface ReplicaState {
  readonly url: string;
  readonly inFlight: number;
  readonly latencyMs: number;
  readonly breaker: BreakerState;
  /** 0 when it is left out, 1 when it takes its whole part. */
  readonly weight: number;
}

/** Puts the policies before the addresses of a destination, whatever is sent there. @param name for messages */
export function govern<C extends AnyCall, R extends AnyReply>(
  name: string,
  exchanges: readonly Exchange<C, R>[],
  options: PolicyOptions,
): Governed<C, R> {
  const { timeoutMs, connections, maxQueued, ejection } = options;
  const replicas = exchanges.map(({ url, send }) =>
    createReplica(url, breaker(send, { name, ...options.breaker }), ejection),
  );
  const most = connections * replicas.length + maxQueued;
  const hasOthers = () => replicas.length > 1;

  // From the inside out: what a call meets first stands last.
  const balanced = balance(replicas, options.balance);
  const retried = retry(balanced, { ...options.retry, hasOthers });
  const limited = limit(retried, { name, most });
  return { send: deadline(limited, { name, timeoutMs }), look: () => replicas.map(stateOf) };
}

type Observed = Pick<Replica, 'url' | 'inFlight' | 'latency' | 'standing'> & {
  readonly breaker: Pick<Replica['breaker'], 'state'>;
};

function stateOf({ url, inFlight, latency, breaker: before, standing }: Observed): ReplicaState {
  return { url, inFlight, latencyMs: latency.expected(), breaker: before.state(), weight: standing.weight() };
}
