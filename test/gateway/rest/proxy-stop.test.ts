import { once } from 'node:events';
import { type IncomingMessage, request as requestOf, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, it } from '@jest/globals';
import { startProxied } from './proxied.ts';

it('a body that is still to come is passed on though the gateway stops', async () => {
  const begun = Promise.withResolvers<void>();
  const proxied = await startProxied({
    routes: { all: { path: '/a', upstream: 'rest' } },
    services: {
      rest: async (request: IncomingMessage, response: ServerResponse) => {
        request.once('data', () => begun.resolve());
        response.end(await text(request));
      },
    },
  });
  const asked = requestOf(`${proxied.url}/a`, { method: 'POST' });
  const answered = once(asked, 'response') as Promise<[IncomingMessage]>;
  asked.write('one ');
  await begun.promise;
  const stopped = proxied.gateway.close();
  asked.end('whole');
  const [response] = await answered;
  expect(await text(response)).toBe('one whole');
  await stopped;
  await proxied.close().catch(() => undefined);
});
