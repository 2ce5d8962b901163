import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestGateway, type TestGateway } from '../../support/test-gateway.ts';

const SUBGRAPHS = [{ name: 'one', url: 'http://127.0.0.1:1', sdl: 'type Query { hello: String }' }];

describe('what every response says to browsers', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway(SUBGRAPHS);
  });
  afterAll(() => gateway.close());

  const get = (path: string, accept: string, headers: Record<string, string> = {}) =>
    fetch(`${gateway.url}${path}`, { headers: { accept, ...headers }, redirect: 'manual' });
  const PREFLIGHT = { 'apollo-require-preflight': '1' };

  it.each([
    ['an answer', '/graphql?query={__typename}', 'application/json', PREFLIGHT, 200],
    ['a refusal', '/graphql?query={', 'application/graphql-response+json', PREFLIGHT, 400],
    ['a request that nobody understands', '/graphql', 'image/png', {}, 406],
    ['nothing there', '/elsewhere', 'application/json', {}, 404],
    ['a redirect', '/graphql', 'text/html', {}, 302],
  ])('%s', async (_, path, accept, headers, status) => {
    const response = await get(path, accept, headers);
    const names = [
      'x-content-type-options',
      'content-security-policy',
      'cross-origin-resource-policy',
      'referrer-policy',
    ];
    expect([response.status, ...names.map((name) => response.headers.get(name))]).toEqual([
      status,
      'nosniff',
      "default-src 'none'; frame-ancestors 'none'",
      'same-origin',
      'no-referrer',
    ]);
  });

  it('the explorer has a policy of its own, and the rest', async () => {
    const { headers } = await get('/graphql/explorer', 'text/html');
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self'; .*frame-ancestors/);
    expect([headers.get('x-content-type-options'), headers.get('cross-origin-resource-policy')]).toEqual([
      'nosniff',
      'same-origin',
    ]);
  });

  it('nothing of TLS, unless it is configured', async () => {
    const of = async ({ url }: TestGateway) =>
      (await fetch(`${url}/elsewhere`)).headers.get('strict-transport-security');
    expect(await of(gateway)).toBeNull();
    for (const [options, header] of [
      [{ GATEWAY_HTTP_HSTS_MAX_AGE_S: '600' }, 'max-age=600'],
      [
        { GATEWAY_HTTP_HSTS_MAX_AGE_S: '0', GATEWAY_HTTP_HSTS_INCLUDE_SUBDOMAINS: 'true' },
        'max-age=0; includeSubDomains',
      ],
    ] as const) {
      const strict = await startTestGateway(SUBGRAPHS, options);
      expect(await of(strict).finally(strict.close)).toBe(header);
    }
  });
});
