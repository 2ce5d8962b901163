import type { Running } from '../../service/run.ts';
import { readAddress } from './address.ts';
import { type BalanceOptions, balance } from './balance.ts';
import { type BreakerOptions, type BreakerState, breaker } from './breaker.ts';
import { deadline } from './deadline.ts';
import { createExchange } from './exchange.ts';
import { limit } from './limit.ts';
import { createPool } from './pool.ts';
import { createReplica, type Replica } from './replica.ts';
import { createRequestWriter } from './request-text.ts';
import { type RetryOptions, retry } from './retry.ts';
import type { Send } from './send.ts';
import type { StandingOptions } from './standing.ts';

export interface UpstreamOptions {
  readonly urls: readonly string[];
  /** From sending to the last byte of the reply, further tries included, in milliseconds. */
  readonly timeoutMs: number;
  readonly responseLimitBytes: number;
  /** Connections kept to each address. */
  readonly connections: number;
  /** Calls that wait for a connection. */
  readonly maxQueued: number;
  readonly balance: BalanceOptions;
  readonly retry: Omit<RetryOptions, 'hasOthers'>;
  readonly breaker: Omit<BreakerOptions, 'name'>;
  readonly ejection: StandingOptions;
  /** The header in which the remaining time travels; nothing for none. */
  readonly deadlineHeader: string | undefined;
}

/** A named HTTP destination with its addresses. */
export interface Upstream extends Running {
  readonly send: Send;
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

/** Opens a destination: connections are made when they are needed, and kept. @throws {AddressError} */
export function createUpstream(name: string, options: UpstreamOptions): Upstream {
  const { connections, responseLimitBytes, timeoutMs, maxQueued, deadlineHeader } = options;
  const connectTimeoutMs = Math.min(timeoutMs, 5_000);
  const addresses = options.urls.map((url) => ({ url, ...readAddress(name, url) }));
  const opened = addresses.map((address) => {
    const pool = createPool(address.endpoint, { connections, responseLimitBytes, connectTimeoutMs });
    const write = createRequestWriter(address, deadlineHeader);
    const exchange = createExchange({ name, pool, write, responseLimitBytes });
    const replica = createReplica(address.url, breaker(exchange, { name, ...options.breaker }), options.ejection);
    return { pool, replica };
  });
  const replicas = opened.map(({ replica }) => replica);
  const most = connections * replicas.length + maxQueued;
  const hasOthers = () => replicas.length > 1;

  // From the inside out: what a call meets first stands last.
  const balanced = balance(replicas, options.balance);
  const retried = retry(balanced, { ...options.retry, hasOthers });
  const limited = limit(retried, { name, most });
  return {
    send: deadline(limited, { name, timeoutMs }),
    look: () => replicas.map(stateOf),
    close: async () => {
      await Promise.all(opened.map(({ pool }) => pool.close()));
    },
  };
}

function stateOf({ url, inFlight, latency, breaker, standing }: Replica): ReplicaState {
  return { url, inFlight, latencyMs: latency.expected(), breaker: breaker.state(), weight: standing.weight() };
}
