import { constants } from 'node:buffer';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip } from 'node:zlib';
import type { Reply } from './response-reader.ts';
import type { Send } from './send.ts';
import { UpstreamError } from './upstream-error.ts';

export interface DecompressOptions {
  /** Of the destination, for messages. */
  readonly name: string;
  /** Of a body as it is when it is decompressed. */
  readonly limitBytes: number;
}

type Decompress = (body: Buffer, options: { readonly maxOutputLength: number }) => Promise<Buffer>;

/** By the content coding (RFC 9110, 8.4.1). */
const CODINGS: Readonly<Record<string, Decompress>> = { br: promisify(brotliDecompress), gzip: promisify(gunzip) };

/** What to ask for: the `accept-encoding` of requests. */
export const DECOMPRESSIBLE = Object.keys(CODINGS).join(', ');

/** Decompresses replies. What would become larger than is wanted is given up at that size: a few kilobytes can stand for gigabytes. */
export function decompress(next: Send, { name, limitBytes }: DecompressOptions): Send {
  const maxOutputLength = Math.min(limitBytes, constants.MAX_LENGTH);

  return (call) => next(call).then((reply) => (isPlain(reply) ? reply : toPlain(reply)));

  async function toPlain(reply: Reply): Promise<Reply> {
    const { 'content-encoding': coding, 'content-length': _, ...headers } = reply.headers;
    const decode = typeof coding === 'string' ? CODINGS[coding.toLowerCase()] : undefined;
    // It was not asked for, and whoever reads the body will say that it is not what it should be.
    if (decode === undefined) return reply;
    try {
      return { ...reply, headers, body: await decode(reply.body, { maxOutputLength }) };
    } catch (cause) {
      throw toUpstreamError(cause);
    }
  }

  function toUpstreamError(cause: unknown): UpstreamError {
    return (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
      ? new UpstreamError('too large', `the answer of ${name} is larger than ${limitBytes} bytes`, { wasSent: true })
      : new UpstreamError('unreachable', `the answer of ${name} cannot be decompressed`, { wasSent: true, cause });
  }
}

function isPlain({ headers, body }: Reply): boolean {
  return headers['content-encoding'] === undefined || body.length === 0;
}
