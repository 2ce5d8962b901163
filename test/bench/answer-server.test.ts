import { type AddressInfo, connect } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { createAnswerServer } from './answer-server.ts';

/** Sends the pieces one after the other; resolves with what came back when `expected` is in it. */
async function exchange(pieces: readonly string[], expected: string): Promise<string> {
  const server = createAnswerServer((path, body) => {
    const text = `[${path} ${body.toString()}]`;
    const answer = [`HTTP/1.1 200 OK\r\ncontent-length: ${text.length}\r\n\r\n`, text];
    return path === '/late' ? new Promise((resolve) => setImmediate(() => resolve(answer))) : answer;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  try {
    let received = '';
    const done = new Promise<void>((resolve) => {
      socket.on('data', (chunk) => {
        received += chunk.toString();
        if (received.includes(expected)) resolve();
      });
    });
    for (const piece of pieces) await new Promise((resolve) => socket.write(piece, resolve));
    await done;
    return received;
  } finally {
    socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
}

const post = (path: string, body: string) => `POST ${path} HTTP/1.1\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

describe('the server of the answers', () => {
  it('answers requests that come in any pieces', async () => {
    const text = post('/a', 'one') + post('/b', 'two');
    for (const size of [1, 7, 40, text.length]) {
      const pieces = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
      expect(await exchange(pieces, '[/b two]')).toContain('[/a one]HTTP/1.1');
    }
  });

  it('answers in order, though the first has to be computed', async () => {
    const received = await exchange([post('/late', '1') + post('/b', '2')], '[/b 2]');
    expect(received.indexOf('[/late 1]')).toBeLessThan(received.indexOf('[/b 2]'));
  });

  it('reads a body in chunks', async () => {
    const head = 'POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n';
    for (const pieces of [
      [`${head}3\r\none\r\n2\r\n, \r\n0\r\n\r\n`],
      [head, '3\r\non', 'e\r\n2\r\n, \r\n', '0\r\n\r\n'],
    ])
      expect(await exchange(pieces, '[/a')).toContain('[/a one, ]');
  });
});
