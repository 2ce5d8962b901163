import type { Running } from '../../service/run.ts';
import { readAddress } from './address.ts';
import { ConnectTimeoutError } from './connection.ts';
import { createPool, type Pool } from './pool.ts';
import { ReplyError } from './reply-error.ts';
import { type Call, createRequestWriter, type WriteRequest } from './request-text.ts';
import type { Reply } from './response-reader.ts';

/** Sends one call. @throws {UpstreamError} when there is no complete reply */
export type Send = (call: Call) => Promise<Reply>;

export type UpstreamFault = 'unreachable' | 'timeout' | 'too large' | 'cancelled';

export class UpstreamError extends Error {
  override readonly name = 'UpstreamError';
  readonly fault: UpstreamFault;

  constructor(fault: UpstreamFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }
}

export interface UpstreamOptions {
  readonly urls: readonly string[];
  /** From sending to the last byte of the reply, in milliseconds. */
  readonly timeoutMs: number;
  readonly responseLimitBytes: number;
  /** Connections kept to each address. */
  readonly connections: number;
}

/** A named HTTP destination with its addresses, which take turns. */
export interface Upstream extends Running {
  readonly send: Send;
}

/** Opens a destination: connections are made when they are needed, and kept. @throws {AddressError} */
export function createUpstream(name: string, options: UpstreamOptions): Upstream {
  const { connections, responseLimitBytes } = options;
  const connectTimeoutMs = Math.min(options.timeoutMs, 5_000);
  const addresses = options.urls.map((url) => {
    const address = readAddress(name, url);
    const pool = createPool(address.endpoint, { connections, responseLimitBytes, connectTimeoutMs });
    return { pool, write: createRequestWriter(address) };
  });
  let turn = 0;

  return {
    send: (call) => {
      const address = addresses[turn++ % addresses.length];
      if (address === undefined) throw new TypeError(`upstream ${name} has no address`);
      return exchange({ ...address, name, call, options });
    },
    close: async () => {
      await Promise.all(addresses.map(({ pool }) => pool.close()));
    },
  };
}

interface Sending {
  readonly pool: Pool;
  readonly write: WriteRequest;
  readonly name: string;
  readonly call: Call;
  readonly options: UpstreamOptions;
}

/** One call and its whole reply, within its time. A hot path (test/bench, w2). */
function exchange({ pool, write, name, call, options: { timeoutMs, responseLimitBytes } }: Sending): Promise<Reply> {
  const { signal } = call;
  return new Promise((resolve, reject) => {
    const toCancelled = () => new UpstreamError('cancelled', `the call to ${name} was cancelled`);
    if (signal?.aborted === true) return reject(toCancelled());
    const cancel = () => abandon(toCancelled());
    let leave: (() => void) | undefined;
    const timer = setTimeout(
      () => abandon(new UpstreamError('timeout', `${name} did not answer within ${timeoutMs} ms`)),
      timeoutMs,
    );
    signal?.addEventListener('abort', cancel);
    const written = write(call);
    if ('unsendable' in written)
      return abandon(new UpstreamError('unreachable', `the header ${written.unsendable} cannot be sent to ${name}`));
    leave = pool.send({
      ...written,
      onReply: (reply) => {
        settle();
        resolve(reply);
      },
      onError: (cause) => {
        settle();
        reject(toUpstreamError(name, cause, responseLimitBytes));
      },
    });

    function settle(): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
    }

    function abandon(error: UpstreamError): void {
      settle();
      reject(error);
      leave?.();
    }
  });
}

function toUpstreamError(name: string, cause: Error, limitBytes: number): UpstreamError {
  if (cause instanceof ConnectTimeoutError)
    return new UpstreamError('timeout', `${name} could not be connected to in time`, { cause });
  if (cause instanceof ReplyError && cause.fault === 'too large')
    return new UpstreamError('too large', `the answer of ${name} is larger than ${limitBytes} bytes`);
  return new UpstreamError('unreachable', `${name} cannot be reached`, { cause });
}
