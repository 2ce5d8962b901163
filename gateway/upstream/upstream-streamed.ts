import { Pool } from 'undici';
import type { Running } from '../../service/run.ts';
import { readAddress } from './address.ts';
import {
  createStreamedExchange,
  type SendStreamed,
  type StreamedCall,
  type StreamedReply,
} from './exchange-streamed.ts';
import { govern, type PolicyOptions, type ReplicaState } from './policies.ts';

export interface StreamedUpstreamOptions extends Omit<PolicyOptions, 'timeoutMs'> {
  readonly urls: readonly string[];
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
 * @throws {AddressError}
 */
export function createStreamedUpstream(name: string, options: StreamedUpstreamOptions): StreamedUpstream {
  const { connections } = options;
  const opened = options.urls.map((url) => {
    const { endpoint, host } = readAddress(name, url);
    const pool = new Pool(`${endpoint.isTls ? 'https' : 'http'}://${host}`, {
      ...{ connections, pipelining: 1, allowH2: false, connect: { timeout: CONNECT_TIMEOUT_MS } },
    });
    return { url, pool, send: createStreamedExchange(name, pool) };
  });
  return {
    ...govern<StreamedCall, StreamedReply>(name, opened, { ...options, timeoutMs: Number.POSITIVE_INFINITY }),
    close: async () => {
      await Promise.all(opened.map(({ pool }) => pool.destroy()));
    },
  };
}
