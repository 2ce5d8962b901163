import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createPool, type Pool } from '../../../gateway/upstream/pool.ts';
import { until } from '../../support/until.ts';

/** A server on bare sockets: what was sent on each, and answers when the test says so. */
interface Peer {
  readonly port: number;
  readonly sockets: readonly Socket[];
  /** Everything that came, on all connections, in order. */
  readonly requests: readonly string[];
  answer(connection: number, body: string, headers?: string): void;
  close(): Promise<void>;
}

async function startPeer(): Promise<Peer> {
  const sockets: Socket[] = [];
  const requests: string[] = [];
  const server: Server = createServer((socket) => {
    sockets.push(socket);
    socket.on('data', (bytes) => requests.push(bytes.toString()));
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    sockets,
    requests,
    answer: (connection, body, headers = '') =>
      void sockets[connection]?.write(`HTTP/1.1 200 OK\r\n${headers}content-length: ${body.length}\r\n\r\n${body}`),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Sends, and remembers what came of it. */
function send(pool: Pool, request: string): { readonly answer: Promise<string>; readonly leave: () => void } {
  let leave = () => {};
  const answer = new Promise<string>((resolve, reject) => {
    leave = pool.send({
      request,
      encoding: 'latin1',
      onReply: ({ body }) => resolve(body.toString()),
      onError: reject,
    });
  });
  answer.catch(() => undefined);
  return { answer, leave: () => leave() };
}

describe('the connections to one address', () => {
  let peer: Peer;
  let pool: Pool;
  beforeEach(async () => {
    peer = await startPeer();
    pool = createPool(
      { hostname: '127.0.0.1', port: peer.port, isTls: false },
      { connections: 2, connectTimeoutMs: 5_000, responseLimitBytes: 1_000 },
    );
  });
  afterEach(async () => {
    for (const socket of peer.sockets) socket.destroy();
    await pool.close();
    await peer.close();
  });

  it('are used again', async () => {
    for (const word of ['one', 'two', 'three']) {
      const { answer } = send(pool, word);
      await until(() => peer.requests.at(-1) === word);
      peer.answer(0, word);
      expect(await answer).toBe(word);
    }
    expect(peer.sockets).toHaveLength(1);
  });

  it('are no more than allowed; who finds none waits for the next that is free, in order', async () => {
    const sent = ['one', 'two', 'three', 'four'].map((word) => send(pool, word));
    await until(() => peer.requests.length === 2);
    peer.answer(1, 'b');
    await until(() => peer.requests.length === 3);
    peer.answer(1, 'c');
    await until(() => peer.requests.length === 4);
    peer.answer(1, 'd');
    peer.answer(0, 'a');
    const answers = await Promise.all(sent.map(({ answer }) => answer));
    expect([...answers].sort()).toEqual(['a', 'b', 'c', 'd']);
    expect(answers.slice(2)).toEqual(['c', 'd']);
    expect(peer.sockets).toHaveLength(2);
  });

  it('are not used again after an answer that ends them', async () => {
    const first = send(pool, 'one');
    await until(() => peer.requests.length === 1);
    peer.answer(0, 'a', 'connection: close\r\n');
    expect(await first.answer).toBe('a');
    const second = send(pool, 'two');
    await until(() => peer.requests.length === 2);
    peer.answer(1, 'b');
    expect(await second.answer).toBe('b');
  });

  it('are not used again to a server that keeps them for no longer than a second', async () => {
    const first = send(pool, 'one');
    await until(() => peer.requests.length === 1);
    peer.answer(0, 'a', 'keep-alive: timeout=1\r\n');
    await first.answer;
    await until(() => peer.sockets[0]?.destroyed === true || peer.sockets[0]?.readableEnded === true);
    const second = send(pool, 'two');
    await until(() => peer.sockets.length === 2);
    peer.answer(1, 'b');
    expect(await second.answer).toBe('b');
  });

  it('are closed when a server sends what nobody asked for, which is nobody’s answer', async () => {
    const first = send(pool, 'one');
    await until(() => peer.requests.length === 1);
    peer.answer(0, 'a');
    await first.answer;
    const [socket] = peer.sockets;
    peer.answer(0, 'poison');
    await until(() => socket?.destroyed === true || socket?.readableEnded === true);
    const second = send(pool, 'two');
    await until(() => peer.requests.length === 2);
    peer.answer(1, 'b');
    expect(await second.answer).toBe('b');
  });

  it('fail what is under way on them when they break, and let those in line go on', async () => {
    const sent = ['one', 'two', 'three'].map((word) => send(pool, word));
    await until(() => peer.requests.length === 2);
    peer.sockets[0]?.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf');
    peer.sockets[0]?.end();
    peer.sockets[1]?.resetAndDestroy();
    await until(() => peer.requests.length === 3);
    peer.answer(2, 'c');
    const results = await Promise.allSettled(sent.map(({ answer }) => answer));
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
  });

  it('let who leaves out of the line, and are closed when they were busy for it', async () => {
    const sent = ['one', 'two', 'three'].map((word) => send(pool, word));
    await until(() => peer.requests.length === 2);
    sent[2]?.leave();
    sent[0]?.leave();
    await until(() => peer.sockets.some((socket) => socket.destroyed || socket.readableEnded));
    const busy = peer.requests.indexOf('two');
    peer.answer(busy, 'b');
    expect(await sent[1]?.answer).toBe('b');
    expect(peer.requests).not.toContain('three');
  });

  it('are answered before the pool is closed', async () => {
    const sent = ['one', 'two', 'three'].map((word) => send(pool, word));
    await until(() => peer.requests.length === 2);
    const closed = pool.close();
    peer.answer(0, 'a');
    await until(() => peer.requests.length === 3);
    peer.answer(0, 'c');
    peer.answer(1, 'b');
    await closed;
    expect((await Promise.all(sent.map(({ answer }) => answer))).sort()).toEqual(['a', 'b', 'c']);
  });

  it('fail everybody in line when none can be made', async () => {
    await peer.close();
    const results = await Promise.allSettled(['one', 'two', 'three'].map((word) => send(pool, word).answer));
    expect(results).toEqual(
      results.map(() => ({ status: 'rejected', reason: expect.objectContaining({ code: 'ECONNREFUSED' }) })),
    );
  });
});
