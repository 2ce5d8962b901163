import { once } from 'node:events';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RawServer, startRawServer } from '../support/raw-server.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

describe('what a request carries to a subgraph', () => {
  let subgraph: RawServer;
  let gateway: TestGateway;
  let seen: IncomingHttpHeaders = {};
  let hold: ((response: ServerResponse) => void) | undefined;

  beforeAll(async () => {
    subgraph = await startRawServer((request, response) => {
      seen = request.headers;
      request.resume().on('end', () => {
        if (hold !== undefined) hold(response);
        else response.setHeader('content-type', 'application/json').end('{"data": {"hello": "world"}}');
      });
    });
    gateway = await startTestGateway([{ name: 'one', url: subgraph.url, sdl: 'type Query { hello: String }' }], {
      GATEWAY_HEADERS_FORWARD: 'X-Tenant',
    });
  });
  afterAll(async () => {
    await gateway.close();
    await subgraph.close();
  });

  it('is the one list of headers, and nothing else that a client sends', async () => {
    await gateway.query('{ hello }', {
      headers: {
        authorization: 'Bearer t',
        traceparent: '00-1-2-01',
        'accept-language': 'en',
        'x-tenant': 'acme',
        cookie: 'session=1',
        'x-forwarded-for': '10.0.0.1',
        'x-user-id': 'admin',
      },
    });
    const { host: _, connection: __, 'content-length': ___, 'x-timeout-ms': timeout, ...headers } = seen;
    expect(Number(timeout)).toBeLessThanOrEqual(10_000);
    expect(headers).toEqual({
      authorization: 'Bearer t',
      traceparent: '00-1-2-01',
      'accept-language': 'en',
      'x-tenant': 'acme',
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json',
    });
  });

  it('is cancelled when the client goes away', async () => {
    const arrived = new Promise<ServerResponse>((resolve) => {
      hold = resolve;
    });
    const client = new AbortController();
    const request = fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query": "{ hello }"}',
      signal: client.signal,
    }).catch((error: Error) => error.name);
    const held = await arrived;
    const closed = once(held, 'close');
    client.abort();
    expect(await request).toBe('AbortError');
    await closed;
    hold = undefined;
  });
});
