import type { IncomingMessage, ServerResponse } from 'node:http';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createUpstream, type UpstreamOptions } from '../../../gateway/upstream/upstream.ts';
import { ClosingStack } from '../../../service/run.ts';
import { startRawServer } from '../../support/raw-server.ts';
import { upstreamOptions } from '../../support/upstream-options.ts';

const BODY = Buffer.from(JSON.stringify({ data: { text: 'ä'.repeat(10_000) } }));
const CALL = { method: 'POST', headers: {}, body: '{}' } as const;

describe('compressed replies', () => {
  let stack: ClosingStack;
  beforeEach(() => {
    stack = new ClosingStack();
  });
  afterEach(() => stack.close());

  async function open(
    listener: (request: IncomingMessage, response: ServerResponse) => unknown,
    more: Partial<UpstreamOptions> = {},
  ) {
    const server = stack.add('server', await startRawServer(listener));
    const options = upstreamOptions({ urls: [server.url], compression: true, ...more });
    return stack.add('upstream', createUpstream('orders', options));
  }

  it.each([
    ['br', brotliCompressSync],
    ['gzip', gzipSync],
    ['GZIP', gzipSync],
  ])('come as they were: %s', async (coding, compress) => {
    const upstream = await open((request, response) => {
      response.setHeader('content-encoding', coding).setHeader('x-asked', request.headers['accept-encoding'] ?? '');
      response.end(compress(BODY));
    });
    const { body, headers } = await upstream.send(CALL);
    expect(body.equals(BODY)).toBe(true);
    expect(headers).toMatchObject({ 'x-asked': 'br, gzip' });
    expect(headers).not.toHaveProperty('content-encoding');
    expect(headers).not.toHaveProperty('content-length');
  });

  it('are not asked for unless that is wanted, and need not come', async () => {
    const listener = ({ headers }: IncomingMessage, response: ServerResponse) =>
      response.end(`asked for ${headers['accept-encoding']}`);
    const [off, on] = [await open(listener, { compression: false }), await open(listener)];
    expect(String((await off.send(CALL)).body)).toBe('asked for undefined');
    expect(String((await on.send(CALL)).body)).toBe('asked for br, gzip');
  });

  it('may be empty, and are left alone when they are what was not asked for', async () => {
    const compressed = deflateSync(BODY);
    const upstream = await open(({ method }, response) => {
      response.setHeader('content-encoding', method === 'GET' ? 'br' : 'deflate');
      response.end(method === 'GET' ? '' : compressed);
    });
    expect((await upstream.send({ method: 'GET', headers: {} })).body).toHaveLength(0);
    expect((await upstream.send(CALL)).body.equals(compressed)).toBe(true);
  });

  it('are as large as allowed, and no byte larger', async () => {
    const listener = (_request: IncomingMessage, response: ServerResponse) =>
      response.setHeader('content-encoding', 'gzip').end(gzipSync(BODY));
    const enough = await open(listener, { responseLimitBytes: BODY.length });
    expect((await enough.send(CALL)).body).toHaveLength(BODY.length);
    const less = await open(listener, { responseLimitBytes: BODY.length - 1 });
    await expect(less.send(CALL)).rejects.toMatchObject({ name: 'UpstreamError', fault: 'too large' });
  });

  it('are given up at their limit when they would become gigabytes', async () => {
    // 2 GB of nothing, in 2 MB: what is compressed may come one after the other (RFC 1952, 2.2).
    const bomb = Buffer.concat(Array<Buffer>(2_000).fill(gzipSync(Buffer.alloc(1_000_000))));
    const upstream = await open((_request, response) => response.setHeader('content-encoding', 'gzip').end(bomb), {
      responseLimitBytes: 20_000_000,
    });
    const before = process.memoryUsage().rss;
    await expect(upstream.send(CALL)).rejects.toMatchObject({ fault: 'too large' });
    expect(process.memoryUsage().rss - before).toBeLessThan(500_000_000);
  });

  it.each([
    ['end too soon', () => gzipSync(BODY).subarray(0, -20)],
    ['are something else', () => Buffer.from('not compressed')],
  ])('are no answer when they %s', async (_title, body) => {
    const upstream = await open((_request, response) => response.setHeader('content-encoding', 'gzip').end(body()));
    await expect(upstream.send(CALL)).rejects.toMatchObject({ name: 'UpstreamError', fault: 'unreachable' });
  });
});
