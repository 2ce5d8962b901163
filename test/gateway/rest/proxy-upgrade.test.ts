import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startIssuer, type TestIssuer, trusting } from '../../support/issuer.ts';
import { connectTo, writeRaw } from '../../support/raw-request.ts';
import { type Proxied, startProxied } from './proxied.ts';

/** A WebSocket server that says back what it hears: frames of clients are masked, its own are not (RFC 6455, 5). */
function answerUpgrade(request: IncomingMessage, socket: Socket): void {
  if (request.url === '/ws/refused') return void socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 2\r\n\r\nno');
  const accept = createHash('sha1')
    .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: ${accept}\r\n\r\n`,
  );
  socket.on('data', (frame: Buffer) => {
    const length = (frame[1] ?? 0) & 0x7f;
    const mask = frame.subarray(2, 6);
    const text = frame.subarray(6, 6 + length).map((byte, index) => byte ^ (mask[index % 4] ?? 0));
    socket.write(Buffer.concat([Buffer.from([frame[0] ?? 0, length]), text]));
  });
  socket.on('error', () => {});
}

describe('a WebSocket behind a route', () => {
  let issuer: TestIssuer;
  let upstream: Server;
  let proxied: Proxied;
  const sockets: Socket[] = [];

  beforeAll(async () => {
    issuer = await startIssuer();
    upstream = createServer((_request, response) => void response.end('no upgrade'));
    upstream.on('upgrade', (request, socket: Socket) => {
      sockets.push(socket);
      answerUpgrade(request, socket);
    });
    await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
    proxied = await startProxied({
      routes: {
        ws: { path: '/ws', upstream: 'sockets' },
        secret: { path: '/ws/secret', upstream: 'sockets', requires: { authenticated: true } },
        get: { path: '/ws/posted', upstream: 'sockets', methods: ['POST'] },
      },
      services: {},
      environment: { ...trusting(issuer), GATEWAY_UPSTREAM_SOCKETS_URLS: address },
    });
  });
  afterAll(async () => {
    await proxied.close();
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => upstream.close(resolve));
    await issuer.close();
  });

  const toUpgrade = (path: string, lines: readonly string[] = []) =>
    [
      ...[`GET ${path} HTTP/1.1`, 'host: a', 'connection: upgrade', 'upgrade: websocket'],
      ...['sec-websocket-version: 13', 'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==', ...lines, '', ''],
    ].join('\r\n');
  const upgrade = (path: string, lines?: readonly string[]) => writeRaw(proxied.url, toUpgrade(path, lines));

  it('speaks with who opened it, until one of them closes', async () => {
    const socket = new WebSocket(`${proxied.url.replace('http', 'ws')}/ws/echo`);
    await once(socket, 'open');
    for (const said of ['one', 'two']) {
      socket.send(said);
      const [message] = (await once(socket, 'message')) as [MessageEvent];
      expect(message.data).toBe(said);
    }
    const closed = once(sockets.at(-1) as Socket, 'close');
    const left = once(socket, 'close');
    sockets.at(-1)?.destroy();
    await Promise.all([closed, left]);
  });

  it('ends at the upstream when its client leaves', async () => {
    const socket = await connectTo(proxied.url);
    socket.write(toUpgrade('/ws/echo'));
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1\.1 101 /);
    const ended = once(sockets.at(-1) as Socket, 'end');
    socket.destroy();
    await ended;
  });

  it('is opened by whom the route lets through, and nobody else', async () => {
    const opened = sockets.length;
    expect(await upgrade('/ws/secret')).toMatch(/^HTTP\/1\.1 401 [\s\S]*"code":"UNAUTHENTICATED"/);
    expect(await upgrade('/ws/echo', ['authorization: Bearer nonsense'])).toMatch(/^HTTP\/1\.1 401 /);
    expect(await upgrade('/ws/%2e%2e/x')).toMatch(/^HTTP\/1\.1 400 /);
    expect(await upgrade('/ws/posted')).toMatch(/^HTTP\/1\.1 405 /);
    expect(sockets).toHaveLength(opened);
  });

  it('is refused as the upstream refuses it', async () => {
    expect(await upgrade('/ws/refused')).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n[\s\S]*\r\n\r\nno$/);
  });

  it('is none without a route: the request is answered as one', async () => {
    expect(await upgrade('/nowhere', ['connection: close'])).toMatch(/^HTTP\/1\.1 404 /);
    const asked = await fetch(`${proxied.url}/graphql?query={__typename}`, {
      headers: { 'apollo-require-preflight': '1' },
    });
    expect(asked.status).toBe(200);
  });
});
