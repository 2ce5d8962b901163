import { isIP } from 'node:net';
import { Pool } from 'undici';
import type { Running } from '../../service/run.ts';
import type { Address } from './address.ts';
import { createStreamedExchange, type StreamedReply } from './exchange-streamed.ts';
import type { ConnectionTls } from './read-tls.ts';
import { headerPairs } from './request-text.ts';
import type { Reply } from './response-reader.ts';
import type { Send } from './send.ts';
import { UpstreamError } from './upstream-error.ts';

export interface NegotiatedOptions {
  /** Of the destination, for messages. */
  readonly name: string;
  readonly tls: ConnectionTls;
  /** Most connections; over HTTP/2 each has many calls under way. */
  readonly connections: number;
  readonly connectTimeoutMs: number;
  readonly responseLimitBytes: number;
  /** The header in which the remaining time travels; nothing for none. */
  readonly deadlineHeader: string | undefined;
  /** The codings that replies may have; without it, none. */
  readonly acceptEncoding: string | undefined;
}

/** Far away, where a call has no deadline. In milliseconds. */
const NO_DEADLINE_MS = 2_000_000_000;

/**
 * Sends calls to one `https` address over HTTP/2 if it offers that (ALPN, RFC 9113, 3.2), else over HTTP/1.1: one call and its whole reply,
 * within its time.
 */
export function createNegotiatedExchange(address: Address, options: NegotiatedOptions): { send: Send } & Running {
  const { name, connections, responseLimitBytes, deadlineHeader, acceptEncoding } = options;
  const pool = new Pool(`https://${address.host}`, {
    connections,
    allowH2: true,
    connect: connectOptions(address, options),
  });
  const exchange = createStreamedExchange(name, pool);
  const codings = acceptEncoding === undefined ? [] : ['accept-encoding', acceptEncoding];

  const send: Send = async (call) => {
    const { method, headers, body, signal, deadline, isCutShort: wasCutShort = false } = call;
    const pairs = headerPairs(headers);
    if ('unsendable' in pairs)
      throw new UpstreamError('unsendable', `the header ${pairs.unsendable} cannot be sent to ${name}`, {
        wasSent: false,
      });
    const leftMs = deadline === undefined ? NO_DEADLINE_MS : Math.max(1, Math.floor(deadline - performance.now()));
    const time = deadlineHeader === undefined || deadline === undefined ? [] : [deadlineHeader, String(leftMs)];
    const reply = await exchange({
      ...{ method, path: address.path, headers: [...pairs.pairs, ...time, ...codings], timeoutMs: leftMs, body },
      ...(signal && { signal }),
      ...(deadline !== undefined && { deadline }),
    });
    const timeIsUp = new UpstreamError('timeout', `${name} did not answer within ${leftMs} ms`, {
      wasSent: true,
      wasCutShort,
    });
    const cancelled = new UpstreamError('cancelled', `the call to ${name} was cancelled`, { wasSent: true });
    const giveUp = (error: UpstreamError) => void reply.body.destroy(error);
    const timer = setTimeout(
      giveUp,
      Math.max(0, deadline === undefined ? NO_DEADLINE_MS : deadline - performance.now()),
      timeIsUp,
    );
    const cancel = () => giveUp(cancelled);
    signal?.addEventListener('abort', cancel);
    try {
      return await readWhole(reply);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
    }
  };

  async function readWhole({ status, headers, body }: StreamedReply): Promise<Reply> {
    const chunks: Buffer[] = [];
    let bytes = 0;
    try {
      for await (const chunk of body as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        if (bytes > responseLimitBytes) throw tooLarge();
        chunks.push(chunk);
      }
    } catch (cause) {
      if (cause instanceof UpstreamError) throw cause;
      throw new UpstreamError('unreachable', `${name} cannot be reached`, { wasSent: true, cause });
    }
    return { status, headers, body: Buffer.concat(chunks) };
  }

  function tooLarge(): UpstreamError {
    return new UpstreamError('too large', `the answer of ${name} is larger than ${responseLimitBytes} bytes`, {
      wasSent: true,
    });
  }

  return { send, close: () => pool.close() };
}

function connectOptions(
  { endpoint: { hostname, ip } }: Address,
  { tls, connectTimeoutMs: timeout }: NegotiatedOptions,
) {
  const { secureContext, serverName: servername = isIP(hostname) === 0 ? hostname : undefined } = tls;
  const family = ip === undefined ? 0 : isIP(ip);
  return {
    timeout,
    ...(secureContext && { secureContext }),
    ...(servername !== undefined && { servername }),
    ...(ip !== undefined && {
      lookup: (
        _name: string,
        _options: object,
        done: (error: null, found: { address: string; family: number }[]) => void,
      ) => done(null, [{ address: ip, family }]),
    }),
  };
}
