import { Pool } from 'undici';
import type { Running } from '../../service/run.ts';
import { readAddress } from './address.ts';
import { createStreamedExchange, type SendStreamed } from './exchange-streamed.ts';
import { type ReplicaOptions, type ReplicaState, stateOf } from './open-replica.ts';
import { govern, type PolicyOptions } from './policies.ts';
import { readTls, type TlsOptions } from './read-tls.ts';
import { createReplica } from './replica.ts';

export interface StreamedUpstreamOptions
  extends Omit<PolicyOptions, 'timeoutMs'>,
    Pick<ReplicaOptions, 'breaker' | 'ejection'> {
  readonly urls: readonly string[];
  readonly tls: TlsOptions;
}

/** A named HTTP destination to which bodies are streamed. */
export interface StreamedUpstream extends Running {
  readonly send: SendStreamed;
  look(): readonly ReplicaState[];
}

/** In milliseconds. */
const CONNECT_TIMEOUT_MS = 5_000;

/**
 * Opens a destination for streamed calls, behind the same policies as calls of the graph. Of its addresses only the origins count: each call
 * says its path. Each call brings its own deadline.
 *
 * @throws {AddressError} @throws {ConfigError} for files of `tls`
 */
export function createStreamedUpstream(name: string, options: StreamedUpstreamOptions): StreamedUpstream {
  const { connections } = options;
  const { secureContext, serverName: servername } = readTls(name, options.tls);
  const tls = { ...(secureContext && { secureContext }), ...(servername !== undefined && { servername }) };
  const opened = options.urls.map((url) => {
    const { endpoint, host } = readAddress(name, url);
    const pool = new Pool(`${endpoint.isTls ? 'https' : 'http'}://${host}`, {
      ...{ connections, pipelining: 1, allowH2: false, connect: { timeout: CONNECT_TIMEOUT_MS, ...tls } },
    });
    const send = createStreamedExchange(name, pool);
    return { pool, replica: createReplica({ ...options, name, url, send }) };
  });
  const replicas = opened.map(({ replica }) => replica);
  return {
    send: govern(name, () => replicas, {
      ...options,
      timeoutMs: Number.POSITIVE_INFINITY,
      // Each call has the time that its route has.
      retry: { ...options.retry, tryTimeoutMs: Number.POSITIVE_INFINITY },
    }),
    look: () => replicas.map((replica) => stateOf(replica)),
    close: async () => {
      await Promise.all(opened.map(({ pool }) => pool.destroy()));
    },
  };
}
