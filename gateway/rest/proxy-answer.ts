import { randomUUID } from 'node:crypto';
import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Readable } from 'node:stream';
import type { Log } from '../../service/logs.ts';
import { type ErrorCode, GatewayError, subgraphFaults } from '../errors.ts';
import { refusalHeaders } from '../guard/refusal-headers.ts';
import type { StreamedReply } from '../upstream/exchange-streamed.ts';
import { UpstreamError, type UpstreamFault } from '../upstream/upstream-error.ts';

/** Of a reason phrase (RFC 9112, 4). */
const SENDABLE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Passes an answer on as it comes, no faster than its client reads. @param headers names and values in turn */
export async function passOn(
  reply: StreamedReply,
  headers: readonly string[],
  response: ServerResponse,
): Promise<void> {
  try {
    // It says nothing that the number does not, and may be in any coding.
    response.writeHead(reply.status, SENDABLE.test(reply.statusText) ? reply.statusText : '', headers as string[]);
  } catch (cause) {
    reply.discard();
    throw new GatewayError(
      'UPSTREAM_INVALID_RESPONSE',
      'The upstream answered with a header that cannot be passed on.',
      {
        cause,
      },
    );
  }
  // Whoever waits for events learns that there will be some.
  if (reply.body.readableLength === 0) response.flushHeaders();
  await passBody(reply.body, response);
}

/**
 * As `pipeline` does, without the `AbortError` and its stack that it makes for every answer that went well: a tenth of what a small one takes, by a profile
 * of `npm run bench -- --workload proxy`. Resolves when all is sent.
 */
function passBody(body: Readable, response: ServerResponse): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    const fail = (error: Error) => {
      body.destroy();
      reject(error);
    };
    const endEarly = () => fail(new Error('the answer ended before it was whole'));
    // Who has gone by now says so no more.
    if (body.closed || response.closed) return endEarly();
    body.once('error', fail).once('close', () => body.readableEnded || endEarly());
    response.once('error', fail).once('close', () => (response.writableFinished ? resolve() : endEarly()));
    body.pipe(response);
  });
}

/** Answers a request that got none from an upstream, in the form in which resources do. */
export function refuse(error: GatewayError, headers: Readonly<Record<string, string>>, response: ServerResponse): void {
  const { code, message, extensions, status } = error;
  const body = JSON.stringify({ error: { ...extensions, code, message } });
  response.writeHead(status, STATUS_CODES[status] ?? '', {
    ...headers,
    ...{ 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
    ...{ 'content-length': Buffer.byteLength(body), ...refusalHeaders(error) },
    // What is still to come of its body is not read.
    ...(!response.req.complete && { connection: 'close' }),
  });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

const CODES: { readonly [Fault in UpstreamFault]: ErrorCode } = {
  unreachable: 'UPSTREAM_UNREACHABLE',
  timeout: 'UPSTREAM_TIMEOUT',
  'circuit open': 'UPSTREAM_CIRCUIT_OPEN',
  overloaded: 'UPSTREAM_OVERLOADED',
  unsendable: 'BAD_REQUEST',
  'too large': 'UPSTREAM_INVALID_RESPONSE',
  cancelled: 'REQUEST_CANCELLED',
};

/** What went wrong, in a word: for who counts. What broke half-way has no code of its own. */
export function codeOf(error: unknown): ErrorCode {
  if (error instanceof GatewayError) return error.code;
  return error instanceof UpstreamError ? CODES[error.fault] : 'UPSTREAM_UNREACHABLE';
}

/** What a client is told of what went wrong. A fault that has no code is one of ours: logged whole, shown masked. */
export function toGatewayError(error: unknown, upstream: string, log: Log): GatewayError {
  if (error instanceof GatewayError) return error;
  if (error instanceof UpstreamError) {
    const code = CODES[error.fault];
    if (subgraphFaults.hasSubscribers && code.startsWith('UPSTREAM'))
      subgraphFaults.publish({ subgraph: upstream, code, message: `The upstream ${error.message}.`, cause: error });
    return new GatewayError(code, `The upstream ${error.message}.`, { cause: error, extensions: { upstream } });
  }
  const requestId = randomUUID();
  log.error({ err: error, requestId }, 'a request failed by a fault of the gateway');
  return new GatewayError('INTERNAL_SERVER_ERROR', 'Internal server error.', { extensions: { requestId } });
}
