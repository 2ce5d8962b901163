import { type Dispatcher, errors, Pool } from 'undici';
import type { Running } from '../../service/run.ts';
import { readAddress } from './address.ts';

/** What is sent to a destination. */
export interface Call {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Whether identical calls may get one answer: for queries only. */
  readonly isShareable?: boolean;
  /** Ends the call when the client has gone or its time is up. */
  readonly signal?: AbortSignal;
}

/** What came back, whatever its status. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

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
  const addresses = options.urls.map((url) => {
    const { origin, path } = readAddress(name, url);
    return { pool: createPool(origin, options), path };
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

function createPool(origin: string, { connections, timeoutMs }: UpstreamOptions): Pool {
  // One deadline holds for the whole exchange; undici's own clocks for its parts are off.
  return new Pool(origin, {
    connections,
    pipelining: 1,
    connect: { timeout: Math.min(timeoutMs, 5_000) },
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}

interface Exchange {
  readonly pool: Pool;
  readonly path: string;
  readonly name: string;
  readonly call: Call;
  readonly options: UpstreamOptions;
}

/**
 * One call and its whole reply. A hot path: undici's `dispatch` with one timer, because `request` makes a stream, and
 * combined abort signals, for each call (test/bench, w2).
 */
function exchange({ pool, path, name, call, options: { timeoutMs, responseLimitBytes } }: Exchange): Promise<Reply> {
  const { method, headers, body = null, signal } = call;
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    let reply: Omit<Reply, 'body'> | undefined;
    let controller: Dispatcher.DispatchController | undefined;
    let failure: UpstreamError | undefined;

    const fail = (error: UpstreamError) => {
      failure ??= error;
      controller?.abort(failure);
      settle();
      reject(failure);
    };
    const cancel = () => fail(new UpstreamError('cancelled', `the call to ${name} was cancelled`));
    const timer = setTimeout(
      () => fail(new UpstreamError('timeout', `${name} did not answer within ${timeoutMs} ms`)),
      timeoutMs,
    );
    const settle = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
    };

    if (signal?.aborted === true) return cancel();
    const unsendable = Object.keys(headers).find((header) => !isSendable(header, headers[header] ?? ''));
    if (unsendable !== undefined)
      return fail(new UpstreamError('unreachable', `the header ${unsendable} cannot be sent to ${name}`));
    signal?.addEventListener('abort', cancel);
    pool.dispatch(
      { path, method, headers, body },
      {
        onRequestStart(started) {
          controller = started;
          // Its time was up, or the client gone, while it waited for a connection.
          if (failure !== undefined) started.abort(failure);
        },
        onResponseStart(_, status, responseHeaders) {
          reply = { status, headers: responseHeaders };
        },
        onResponseData(_, chunk) {
          length += chunk.length;
          if (length <= responseLimitBytes) chunks.push(chunk);
          else fail(new UpstreamError('too large', `the answer of ${name} is larger than ${responseLimitBytes} bytes`));
        },
        onResponseEnd() {
          settle();
          const [first = Buffer.alloc(0), ...others] = chunks;
          if (reply !== undefined)
            resolve({ ...reply, body: others.length === 0 ? first : Buffer.concat(chunks, length) });
        },
        onResponseError(_, cause) {
          fail(
            cause instanceof errors.ConnectTimeoutError
              ? new UpstreamError('timeout', `${name} could not be connected to in time`, { cause })
              : new UpstreamError('unreachable', `${name} cannot be reached`, { cause }),
          );
        },
      },
    );
  });
}

/** Of the connection, not of the call: undici refuses to send them (RFC 9110, 7.6.1). */
const CONNECTION_HEADERS: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
]);

/**
 * Looked at here because a call that undici itself refuses takes a connection of the pool away for good: as many such calls
 * as there are connections, and the subgraph was never asked again (undici 8, `PoolBase[kDispatch]`).
 */
function isSendable(header: string, value: string): boolean {
  return !CONNECTION_HEADERS.has(header) && !/[^\t\x20-\x7e\x80-\xff]/.test(value);
}
