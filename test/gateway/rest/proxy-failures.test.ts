import { once } from 'node:events';
import { type IncomingMessage, request as requestOf, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { connectTo } from '../../support/raw-request.ts';
import { startRawServer } from '../../support/raw-server.ts';
import { type Proxied, type ProxiedOptions, refusalOf, startProxied } from './proxied.ts';

const ROUTES = { all: { path: '/a', upstream: 'rest' } };
const NO_RETRIES = { GATEWAY_UPSTREAM_DEFAULTS_RETRY_RETRIES: '0' };

/** With a gateway of its own. */
async function proxying(
  options: Partial<ProxiedOptions>,
  test: (url: string, proxied: Proxied) => Promise<void>,
): Promise<void> {
  const proxied = await startProxied({ routes: ROUTES, ...options });
  try {
    await test(`${proxied.url}/a`, proxied);
  } finally {
    await proxied.close();
  }
}

describe('a route whose upstream fails', () => {
  it('says that it is away, and then for a while that it is not asked', async () => {
    const environment = {
      ...{ ...NO_RETRIES, GATEWAY_UPSTREAM_REST_URLS: 'http://127.0.0.1:1' },
      ...{ GATEWAY_UPSTREAM_DEFAULTS_BREAKER_FAILURES: '2', GATEWAY_UPSTREAM_DEFAULTS_BREAKER_OPEN_MS: '60000' },
      GATEWAY_UPSTREAM_DEFAULTS_BREAKER_MAX_OPEN_MS: '60000',
    };
    await proxying({ services: {}, environment }, async (url) => {
      for (const _ of [1, 2])
        expect(await refusalOf(await fetch(url))).toEqual({ status: 502, code: 'UPSTREAM_UNREACHABLE' });
      const refused = await fetch(url, { method: 'POST', body: 'a' });
      expect(refused.headers.get('retry-after')).toBe('1');
      expect(await refusalOf(refused)).toEqual({ status: 503, code: 'UPSTREAM_CIRCUIT_OPEN' });
    });
  });

  it('waits for an answer no longer than it says', async () => {
    const routes = { all: { ...ROUTES.all, timeoutMs: 50 } };
    await proxying({ routes, services: { rest: () => {} }, environment: NO_RETRIES }, async (url) => {
      expect(await refusalOf(await fetch(url))).toEqual({ status: 504, code: 'UPSTREAM_TIMEOUT' });
      const posted = await fetch(url, { method: 'POST', body: 'a' });
      expect(await refusalOf(posted)).toEqual({ status: 504, code: 'UPSTREAM_TIMEOUT' });
    });
  });

  it('waits no longer than its client, and blames nobody for that', async () => {
    const environment = { ...NO_RETRIES, GATEWAY_UPSTREAM_DEFAULTS_BREAKER_FAILURES: '1' };
    await proxying({ services: { rest: () => {} }, environment }, async (url, { gateway }) => {
      for (const _ of [1, 2]) {
        const hasty = await fetch(url, { headers: { 'x-timeout-ms': '30' } });
        expect(await refusalOf(hasty)).toEqual({ status: 504, code: 'UPSTREAM_TIMEOUT' });
      }
      const { routes } = (await (await fetch(`${gateway.adminUrl}/upstreams`)).json()) as { routes: object };
      expect(routes).toMatchObject({ rest: [{ breaker: 'closed', weight: 1, inFlight: 0 }] });
    });
  });

  it('refuses what would wait behind too many others', async () => {
    const { promise: arrival, resolve: arrive } = Promise.withResolvers<ServerResponse>();
    const environment = { GATEWAY_UPSTREAM_REST_CONNECTIONS: '1', GATEWAY_UPSTREAM_REST_MAX_QUEUED: '0' };
    await proxying({ services: { rest: (_request, response) => arrive(response) }, environment }, async (url) => {
      const first = fetch(url);
      const response = await arrival;
      expect(await refusalOf(await fetch(url))).toEqual({ status: 503, code: 'UPSTREAM_OVERLOADED' });
      response.end();
      expect((await first).status).toBe(200);
    });
  });

  it('never makes half an answer look like a whole one', async () => {
    const services = {
      rest: (_request: unknown, response: ServerResponse) => void response.write('half', () => response.destroy()),
    };
    await proxying({ services, environment: NO_RETRIES }, async (url) => {
      const response = await fetch(url);
      expect(response.status).toBe(200);
      await expect(response.text()).rejects.toThrow();
    });
  });

  it('asks another address again: what may arrive twice and has no body', async () => {
    let failures = 0;
    const failing = (_request: unknown, response: ServerResponse) => {
      failures++;
      response.writeHead(503).end('not now');
    };
    const services = { rest: [failing, (_request: unknown, response: ServerResponse) => void response.end('yes')] };
    const environment = {
      GATEWAY_UPSTREAM_REST_BALANCE_POLICY: 'round-robin',
      GATEWAY_UPSTREAM_DEFAULTS_RETRY_DELAY_MS: '1',
    };
    await proxying({ services, environment }, async (url) => {
      for (const method of ['GET', 'PUT', 'DELETE']) expect(await (await fetch(url, { method })).text()).toBe('yes');
      expect(failures).toBeGreaterThan(0);
      const statuses: number[] = [];
      for (let count = 0; count < 4; count++) statuses.push((await fetch(url, { method: 'POST', body: 'a' })).status);
      expect(statuses.sort()).toEqual([200, 200, 503, 503]);
    });
  });

  it('sends a body to another address when the first could not be connected to: nothing of it was read', async () => {
    const bodies: string[] = [];
    const alive = await startRawServer(async (request, response) => {
      bodies.push(await text(request));
      response.end();
    });
    const environment = {
      GATEWAY_UPSTREAM_REST_URLS: `http://127.0.0.1:1,${alive.url}`,
      GATEWAY_UPSTREAM_REST_BALANCE_POLICY: 'round-robin',
    };
    await proxying({ services: {}, environment }, async (url) => {
      for (const body of ['one', 'two']) expect((await fetch(url, { method: 'POST', body })).status).toBe(200);
    });
    await alive.close();
    expect(bodies).toEqual(['one', 'two']);
  });

  it('passes on what it answers itself, errors too', async () => {
    const services = {
      rest: (_request: unknown, response: ServerResponse) =>
        void response
          .writeHead(418, 'Short and stout', [
            ...['set-cookie', 'a=1', 'set-cookie', 'b=2', 'connection', 'close, x-mine', 'x-mine', '1'],
            ...['keep-alive', 'timeout=5', 'via', '1.1 behind', 'x-other', 'é'],
          ])
          .end('tea'),
    };
    await proxying({ services }, async (url) => {
      const response = await fetch(url);
      expect([response.status, response.statusText, await response.text()]).toEqual([418, 'Short and stout', 'tea']);
      expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
      expect(response.headers.get('via')).toBe('1.1 behind, 1.1 tributary');
      expect(response.headers.has('x-mine')).toBe(false);
      expect(response.headers.get('x-other')).toBe('é');
      // What a page may do is said by who serves it.
      expect(response.headers.has('content-security-policy')).toBe(false);
    });
  });
});

describe('a client of a route', () => {
  it('that leaves ends the request to the upstream', async () => {
    const { promise: arrival, resolve: arrive } = Promise.withResolvers<ServerResponse>();
    await proxying({ services: { rest: (_request, response) => arrive(response) } }, async (url) => {
      const leaving = new AbortController();
      const asked = fetch(url, { signal: leaving.signal });
      const closed = once(await arrival, 'close');
      leaving.abort();
      await expect(asked).rejects.toThrow();
      await closed;
    });
  });

  it('that leaves in the middle of an answer ends it, too', async () => {
    const { promise: arrival, resolve: arrive } = Promise.withResolvers<ServerResponse>();
    const services = {
      rest: (_request: unknown, response: ServerResponse) => {
        response.write('data: 1\n\n');
        arrive(response);
      },
    };
    await proxying({ services }, async (url) => {
      const leaving = new AbortController();
      const { body } = await fetch(url, { signal: leaving.signal });
      // The first event is there, though the answer has not ended.
      const read = await body?.getReader().read();
      expect(Buffer.from(read?.value as Uint8Array).toString()).toBe('data: 1\n\n');
      const closed = once(await arrival, 'close');
      leaving.abort();
      await closed;
    });
  });

  it('that leaves in the middle of its body leaves the upstream none that looks whole', async () => {
    const { promise: ended, resolve: end } = Promise.withResolvers<boolean>();
    const services = {
      rest: (request: IncomingMessage) => void request.on('data', () => {}).once('close', () => end(request.complete)),
    };
    await proxying({ services }, async (url) => {
      const socket = await connectTo(url);
      socket.write('POST /a HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n', () =>
        socket.destroy(),
      );
      expect(await ended).toBe(false);
    });
  });

  it('gets an early answer though its body has not ended', async () => {
    const services = {
      rest: (_request: unknown, response: ServerResponse) =>
        void response.writeHead(413, { connection: 'close' }).end('too large'),
    };
    await proxying({ services }, async (url) => {
      const asked = requestOf(url, { method: 'POST', headers: { 'content-length': 1_000 } });
      asked.on('error', () => {}).write('the beginning');
      const [response] = await once(asked, 'response');
      expect(response.statusCode).toBe(413);
      asked.destroy();
    });
  });
});
