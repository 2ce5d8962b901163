import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { passOn } from '../../../gateway/rest/proxy-answer.ts';
import { connectTo } from '../../support/raw-request.ts';
import { startProxied } from './proxied.ts';

/** Says it as it is, whatever Node would make of it. */
const say = (response: ServerResponse, text: string) => void response.socket?.end(Buffer.from(text, 'latin1'));

it('an answer in words of any coding, or with a header that is none, harms nobody', async () => {
  const proxied = await startProxied({
    routes: { all: { path: '/a', upstream: 'rest' } },
    services: {
      rest: ({ url }, response) => {
        if (url === '/a/phrase') say(response, 'HTTP/1.1 404 Non trouv\xe9\r\ncontent-length: 4\r\n\r\nnon!');
        else if (url === '/a/both') say(response, 'HTTP/1.1 404 \xe9\r\nx-a: \x01\r\ncontent-length: 0\r\n\r\n');
        else response.end('right');
      },
    },
  });
  try {
    const phrase = await fetch(`${proxied.url}/a/phrase`);
    expect({ status: phrase.status, body: await phrase.text() }).toEqual({ status: 404, body: 'non!' });
    expect((await fetch(`${proxied.url}/a/both`)).status).toBeGreaterThanOrEqual(400);
    expect(await (await fetch(`${proxied.url}/a`)).text()).toBe('right');
  } finally {
    await proxied.close();
  }
});

describe('an answer that is passed on', () => {
  /** A real response, with its client, for as long as `work` takes. */
  async function withResponse(work: (response: ServerResponse, leave: () => Promise<unknown>) => Promise<void>) {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const asked = once(server, 'request') as Promise<[IncomingMessage, ServerResponse]>;
    const socket = await connectTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    socket.write('GET /a HTTP/1.1\r\nhost: a\r\n\r\n');
    const [, response] = await asked;
    try {
      await work(response, () => {
        socket.destroy();
        return once(response, 'close');
      });
    } finally {
      socket.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  function replyOf(body: PassThrough) {
    const discard = () => void body.destroy();
    return {
      status: 200,
      statusText: 'OK',
      headers: {},
      rawHeaders: [],
      socket: undefined,
      ended: Promise.resolve(),
      body,
      discard,
    };
  }

  it('fails at once for a client that had gone, and takes no more of it', async () => {
    await withResponse(async (response, leave) => {
      await leave();
      const body = new PassThrough();
      await expect(passOn(replyOf(body), [], response)).rejects.toThrow('ended before it was whole');
      expect(body.destroyed).toBe(true);
    });
  });

  it('fails when its client goes, or its upstream does, with an error or without', async () => {
    for (const end of ['client', 'error', 'nothing'] as const)
      await withResponse(async (response, leave) => {
        const body = new PassThrough();
        const passed = passOn(replyOf(body), [], response);
        const failed = expect(passed).rejects.toThrow(end === 'error' ? 'reset' : 'ended before it was whole');
        body.write('half');
        if (end === 'client') await leave();
        else body.destroy(end === 'error' ? new Error('reset') : undefined);
        await failed;
        expect(body.destroyed).toBe(true);
      });
  });

  it('fails when its upstream had broken off before anything of it was passed on', async () => {
    await withResponse(async (response) => {
      const body = new PassThrough();
      body.destroy();
      await once(body, 'close');
      await expect(passOn(replyOf(body), [], response)).rejects.toThrow('ended before it was whole');
    });
  });
});
