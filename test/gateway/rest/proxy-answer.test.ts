import type { ServerResponse } from 'node:http';
import { expect, it } from '@jest/globals';
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
