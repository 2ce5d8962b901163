import type { Running } from '../../service/run.ts';
import { readAddress } from './address.ts';
import { createExchange } from './exchange.ts';
import { govern, type PolicyOptions, type ReplicaState } from './policies.ts';
import { createPool } from './pool.ts';
import { createRequestWriter } from './request-text.ts';
import type { Send } from './send.ts';

export interface UpstreamOptions extends PolicyOptions {
  readonly urls: readonly string[];
  readonly responseLimitBytes: number;
  /** The header in which the remaining time travels; nothing for none. */
  readonly deadlineHeader: string | undefined;
}

/** A named HTTP destination with its addresses. */
export interface Upstream extends Running {
  readonly send: Send;
  look(): readonly ReplicaState[];
}

/** Opens a destination: connections are made when they are needed, and kept. @throws {AddressError} */
export function createUpstream(name: string, options: UpstreamOptions): Upstream {
  const { connections, responseLimitBytes, timeoutMs, deadlineHeader } = options;
  const connectTimeoutMs = Math.min(timeoutMs, 5_000);
  const addresses = options.urls.map((url) => ({ url, ...readAddress(name, url) }));
  const opened = addresses.map((address) => {
    const pool = createPool(address.endpoint, { connections, responseLimitBytes, connectTimeoutMs });
    const write = createRequestWriter(address, deadlineHeader);
    return { url: address.url, pool, send: createExchange({ name, pool, write, responseLimitBytes }) };
  });
  return {
    ...govern(name, opened, options),
    close: async () => {
      await Promise.all(opened.map(({ pool }) => pool.close()));
    },
  };
}
