import type { Log } from '../../service/logs.ts';
import type { Running } from '../../service/run.ts';
import { type Address, readAddress } from './address.ts';
import { type BalanceOptions, balance } from './balance.ts';
import { type BreakerOptions, type BreakerState, breaker } from './breaker.ts';
import { deadline } from './deadline.ts';
import { createExchange } from './exchange.ts';
import { type HealthCheck, type HealthOptions, startHealthCheck } from './health-check.ts';
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
  readonly health: HealthOptions;
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
  /** What the checks of its health say; nothing where there are none. */
  readonly isHealthy: boolean | undefined;
}

export interface UpstreamContext {
  /** Told when the health of an address changes. */
  readonly log?: Pick<Log, 'info' | 'warn'>;
}

/** An address that is in use. */
interface OpenReplica extends Running {
  readonly replica: Replica;
  readonly check: HealthCheck | undefined;
}

/** Opens a destination: connections are made when they are needed, and kept. @throws {AddressError} */
export function createUpstream(name: string, options: UpstreamOptions, { log }: UpstreamContext = {}): Upstream {
  const { connections, responseLimitBytes, timeoutMs, maxQueued, deadlineHeader } = options;
  const connectTimeoutMs = Math.min(timeoutMs, 5_000);

  function open(address: Address): OpenReplica {
    const { url, endpoint } = address;
    const pool = createPool(endpoint, { connections, responseLimitBytes, connectTimeoutMs });
    const write = createRequestWriter(address, deadlineHeader);
    const exchange = createExchange({ name, pool, write, responseLimitBytes });
    const replica = createReplica(url, breaker(exchange, { name, ...options.breaker }), options.ejection);
    const check = options.health.isEnabled ? checkHealth(address, replica) : undefined;
    return { replica, check, close: async () => void (await Promise.all([pool.close(), check?.close()])) };
  }

  function checkHealth(address: Address, { url, standing }: Replica): HealthCheck {
    return startHealthCheck(address, {
      name,
      ...options.health,
      onChange: (isHealthy, problem) => {
        standing.setHealthy(isHealthy);
        if (isHealthy) log?.info({ upstream: name, url }, 'the address is healthy again');
        else
          log?.warn(
            { upstream: name, url, reason: problem },
            'the address is unhealthy, and left out where there are others',
          );
      },
    });
  }

  const opened = options.urls.map((url) => readAddress(name, url)).map(open);
  const replicas = opened.map(({ replica }) => replica);
  const most = connections * replicas.length + maxQueued;
  const hasOthers = () => replicas.length > 1;

  // From the inside out: what a call meets first stands last.
  const balanced = balance(replicas, options.balance);
  const retried = retry(balanced, { ...options.retry, hasOthers });
  const limited = limit(retried, { name, most });
  return {
    send: deadline(limited, { name, timeoutMs }),
    look: () => opened.map(stateOf),
    close: async () => {
      await Promise.all(opened.map((one) => one.close()));
    },
  };
}

function stateOf({ replica, check }: OpenReplica): ReplicaState {
  const { url, inFlight, latency, breaker, standing } = replica;
  const latencyMs = latency.expected();
  return {
    url,
    inFlight,
    latencyMs,
    breaker: breaker.state(),
    weight: standing.weight(),
    isHealthy: check?.isHealthy(),
  };
}
