import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createSecureServer, type Http2SecureServer } from 'node:http2';
import { createServer as createHttpsServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createUpstream, type Upstream, type UpstreamContext } from '../../../gateway/upstream/upstream.ts';
import { createAuthority } from '../../support/certificates.ts';
import { until } from '../../support/until.ts';
import { upstreamDefaults, upstreamOptions } from '../../support/upstream-options.ts';

const authority = createAuthority();
const directory = mkdtempSync(join(tmpdir(), 'tributary-http2-'));
const caFile = join(directory, 'ca.pem');
beforeAll(() => writeFileSync(caFile, authority.certificate));
afterAll(() => rmSync(directory, { recursive: true }));

const CALL = { method: 'POST', headers: { 'x-a': '1' }, body: '{"query":"{ é }"}' } as const;

describe.each(['HTTP/2', 'HTTP/1.1 alone'])('an upstream that may be called over HTTP/2 and offers %s', (offered) => {
  const version = offered === 'HTTP/2' ? '2.0' : '1.1';
  let server: Server | Http2SecureServer;
  let upstream: Upstream;
  let sessions: number;
  const sockets = new Set<Socket>();
  /** Calls that arrived and were not answered by what their path says. */
  let held: number;

  beforeEach(async () => {
    sessions = 0;
    held = 0;
    const { certificate, key } = authority.issue('localhost');
    const options = { key, cert: certificate };
    server = version === '2.0' ? createSecureServer(options) : createHttpsServer(options);
    server.on('secureConnection', (socket: Socket) => {
      sessions++;
      sockets.add(socket.once('close', () => sockets.delete(socket)));
    });
    // biome-ignore lint/suspicious/noExplicitAny: what both kinds of servers give.
    server.on('request', async (request: any, response: any) => {
      const body = await text(request);
      if (request.url === '/hang') return void held++;
      if (request.url === '/half') response.write('{');
      if (request.url === '/half') return void held++;
      if (request.url === '/large') return void response.end('x'.repeat(2_000));
      if (request.url === '/reset') return void request.socket.destroy();
      const { 'x-timeout-ms': time, 'x-a': a } = request.headers;
      response.setHeader('content-type', 'application/json');
      response.setHeader('set-cookie', ['a', 'b']);
      response.end(JSON.stringify({ version: request.httpVersion, body, a, hasTime: Number(time) > 0 }));
    });
    await new Promise<void>((resolve) => void server.listen(0, 'localhost', resolve));
  });
  afterEach(async () => {
    await upstream.close();
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => void server.close(resolve));
  });

  function open(path = '/', context: UpstreamContext = {}, more: object = {}): void {
    const defaults = upstreamDefaults();
    upstream = createUpstream(
      'orders',
      upstreamOptions({
        ...{
          urls: [`https://localhost:${(server.address() as AddressInfo).port}${path}`],
          http2: true,
          timeoutMs: 5_000,
        },
        ...{ responseLimitBytes: 1_000, tls: { caFile }, retry: { ...defaults.retry, retries: 0 }, ...more },
      }),
      context,
    );
  }

  it('answers with body and headers', async () => {
    open();
    const { status, headers, body } = await upstream.send(CALL);
    expect([status, headers['content-type'], headers['set-cookie']]).toEqual([200, 'application/json', ['a', 'b']]);
    expect(JSON.parse(body.toString())).toEqual({ version, body: CALL.body, a: '1', hasTime: true });
  });

  it('has each IP address of its name called', async () => {
    open('/', { lookup: async () => ['127.0.0.1'] }, { resolveIntervalMs: 5 });
    await until(() => upstream.look()[0]?.ip === '127.0.0.1');
    expect((await upstream.send(CALL)).status).toBe(200);
  });

  it.each([
    ['a call that nobody answers', '/hang', { timeoutMs: 50 }, { fault: 'timeout', wasSent: true }],
    ['half an answer', '/half', { timeoutMs: 50 }, { fault: 'timeout', wasSent: true }],
    ['an answer that is too large', '/large', {}, { fault: 'too large' }],
    ['a connection that breaks', '/reset', {}, { fault: 'unreachable', wasSent: true }],
  ])('fails as any other: %s', async (_name, path, more, error) => {
    open(path, {}, more);
    await expect(upstream.send(CALL)).rejects.toMatchObject(error);
  });

  it.each(['/hang', '/half'])('is left when its client leaves: %s', async (path) => {
    open(path);
    const controller = new AbortController();
    const call = upstream.send({ ...CALL, signal: controller.signal });
    await until(() => held === 1);
    controller.abort();
    await expect(call).rejects.toMatchObject({ fault: 'cancelled', wasSent: true });
  });

  it('refuses a header that would end its line', async () => {
    open();
    await expect(upstream.send({ ...CALL, headers: { 'x-a': 'b\r\nc: d' } })).rejects.toMatchObject({
      ...{ fault: 'unsendable', message: expect.stringContaining('x-a') },
    });
  });

  it('gets many calls at once on few connections when it can', async () => {
    open();
    await upstream.send(CALL);
    const replies = await Promise.all(Array.from({ length: 40 }, () => upstream.send(CALL)));
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
    expect(sessions === 1).toBe(version === '2.0');
  });
});
