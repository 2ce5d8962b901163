import type { Log } from '../../service/logs.ts';
import type { Running } from '../../service/run.ts';
import type { Address } from './address.ts';
import type { BreakerOptions, BreakerState } from './breaker.ts';
import { DECOMPRESSIBLE, decompress } from './decompress.ts';
import { createExchange } from './exchange.ts';
import { type HealthCheck, type HealthOptions, startHealthCheck } from './health-check.ts';
import { createPool } from './pool.ts';
import type { ConnectionTls } from './read-tls.ts';
import { createReplica, type Replica } from './replica.ts';
import { createRequestWriter } from './request-text.ts';
import type { Send } from './send.ts';
import type { StandingOptions } from './standing.ts';

/** What is said of the addresses of a destination. */
export interface ReplicaOptions {
  /** Of the destination, for messages. */
  readonly name: string;
  readonly connectTimeoutMs: number;
  readonly responseLimitBytes: number;
  /** Connections kept to each address. */
  readonly connections: number;
  readonly breaker: BreakerOptions;
  readonly ejection: StandingOptions;
  readonly health: HealthOptions;
  readonly tls: ConnectionTls;
  /** Whether HTTP/2 is used where an `https` address offers it. */
  readonly http2: boolean;
  /** Whether replies may be compressed. */
  readonly compression: boolean;
  /** The header in which the remaining time travels; nothing for none. */
  readonly deadlineHeader: string | undefined;
  /** Told when the health of an address changes. */
  readonly log: Pick<Log, 'info' | 'warn'> | undefined;
}

/** An address that is in use. Closing it lets what is under way end. */
export interface OpenReplica extends Running {
  readonly replica: Replica;
  look(): ReplicaState;
}

/** How one address does, for those who look on. */
export interface ReplicaState {
  readonly url: string;
  /** One of the host name in it, where names are resolved. */
  readonly ip: string | undefined;
  readonly inFlight: number;
  readonly latencyMs: number;
  readonly breaker: BreakerState;
  /** 0 when it is left out, 1 when it takes its whole part. */
  readonly weight: number;
  /** What the checks of its health say; nothing where there are none. */
  readonly isHealthy: boolean | undefined;
}

/** Makes what is needed to call one address, and checks its health where that is wanted. */
export function openReplica(address: Address, options: ReplicaOptions): OpenReplica {
  const { name, responseLimitBytes: limitBytes, compression, health } = options;
  const { url, endpoint } = address;
  const exchange = openExchange(address, options);
  const send = compression ? decompress(exchange.send, { name, limitBytes }) : exchange.send;
  const replica = createReplica({ ...options, url, send });
  const check = health.isEnabled ? checkHealth(address, replica, options) : undefined;
  return {
    replica,
    look: () => stateOf(replica, endpoint.ip, check?.isHealthy()),
    close: async () => {
      await Promise.all([exchange.close(), check?.close()]);
    },
  };
}

/** Over HTTP/1.1 by a client of our own: it is faster there (docs/decisions/0007-our-own-http-client.md). */
function openExchange(address: Address, options: ReplicaOptions): { readonly send: Send } & Running {
  const { deadlineHeader, compression, http2 } = options;
  const acceptEncoding = compression ? DECOMPRESSIBLE : undefined;
  if (http2 && address.endpoint.isTls) {
    // Loaded only when it is used: it brings another client.
    const opening = import('./exchange-negotiated.ts').then(({ createNegotiatedExchange }) =>
      createNegotiatedExchange(address, { ...options, acceptEncoding }),
    );
    return { send: async (call) => (await opening).send(call), close: async () => (await opening).close() };
  }
  const pool = createPool(address.endpoint, options);
  const write = createRequestWriter(address, deadlineHeader, acceptEncoding);
  return { send: createExchange({ ...options, pool, write }), close: () => pool.close() };
}

function checkHealth(
  address: Address,
  { url, standing }: Replica,
  { name, health, tls, log }: ReplicaOptions,
): HealthCheck {
  const told = { upstream: name, url, ip: address.endpoint.ip };
  return startHealthCheck(address, {
    name,
    ...health,
    tls,
    onChange: (isHealthy, reason) => {
      standing.setHealthy(isHealthy);
      if (isHealthy) log?.info(told, 'the address is healthy again');
      else log?.warn({ ...told, reason }, 'the address is unhealthy, and left out where there are others');
    },
  });
}

type Observed = Pick<Replica, 'url' | 'inFlight' | 'latency' | 'standing'> & {
  readonly breaker: Pick<Replica['breaker'], 'state'>;
};

/** How an address does. */
export function stateOf(replica: Observed, ip?: string, isHealthy?: boolean): ReplicaState {
  const { url, inFlight, latency, breaker, standing } = replica;
  const doing = { inFlight, latencyMs: latency.expected(), breaker: breaker.state(), weight: standing.weight() };
  return { url, ip, ...doing, isHealthy };
}
