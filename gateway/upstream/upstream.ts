import { Agent, errors, request } from 'undici';
import type { Running } from '../../service/run.ts';

/** What is sent to a destination. */
export interface Call {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
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

/** Opens a destination: connections are made when they are needed, and kept. */
export function createUpstream(
  name: string,
  { urls, timeoutMs, responseLimitBytes, connections }: UpstreamOptions,
): Upstream {
  const agent = new Agent({
    connections,
    pipelining: 1,
    connect: { timeout: Math.min(timeoutMs, 5_000) },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    maxResponseSize: responseLimitBytes,
  });
  let turn = 0;

  return {
    send: async ({ method, headers, body, signal }) => {
      const url = urls[turn++ % urls.length];
      if (url === undefined) throw new TypeError(`upstream ${name} has no address`);
      const deadline = AbortSignal.timeout(timeoutMs);
      try {
        const response = await request(url, {
          dispatcher: agent,
          method,
          headers,
          body: body ?? null,
          signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
        });
        return {
          status: response.statusCode,
          headers: response.headers,
          body: Buffer.from(await response.body.arrayBuffer()),
        };
      } catch (error) {
        throw toUpstreamError(error, { name, timeoutMs, responseLimitBytes, deadline, signal });
      }
    },
    close: () => agent.close(),
  };
}

interface Circumstances {
  readonly name: string;
  readonly timeoutMs: number;
  readonly responseLimitBytes: number;
  readonly deadline: AbortSignal;
  readonly signal: AbortSignal | undefined;
}

function toUpstreamError(
  error: unknown,
  { name, timeoutMs, responseLimitBytes, deadline, signal }: Circumstances,
): UpstreamError {
  if (signal?.aborted === true)
    return new UpstreamError('cancelled', `the call to ${name} was cancelled`, { cause: error });
  if (
    deadline.aborted ||
    error instanceof errors.HeadersTimeoutError ||
    error instanceof errors.BodyTimeoutError ||
    error instanceof errors.ConnectTimeoutError
  ) {
    return new UpstreamError('timeout', `${name} did not answer within ${timeoutMs} ms`, { cause: error });
  }
  if (error instanceof errors.ResponseExceededMaxSizeError) {
    return new UpstreamError('too large', `the answer of ${name} is larger than ${responseLimitBytes} bytes`, {
      cause: error,
    });
  }
  return new UpstreamError('unreachable', `${name} cannot be reached`, { cause: error });
}
