import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { gatewayConfig } from '../../../gateway/config.ts';
import { readConfig } from '../../../service/config.ts';
import { startTestGateway, type TestGateway } from '../../support/test-gateway.ts';

const SUBGRAPHS = [{ name: 'one', url: 'http://127.0.0.1:1', sdl: 'type Query { hello: String }' }];
const SHOP = 'https://shop.example';

const query = (gateway: TestGateway, origin: string) => gateway.query('{ __typename }', { headers: { origin } });
const preflight = (gateway: TestGateway, origin: string) =>
  fetch(`${gateway.url}/graphql`, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type,x-own',
    },
  });
const allowances = ({ headers }: { readonly headers: Headers }) =>
  Object.fromEntries(
    [...headers]
      .filter(([name]) => name.startsWith('access-control-'))
      .map(([name, value]) => [name.slice('access-control-'.length), value]),
  );

describe('pages of other origins', () => {
  let closed: TestGateway;
  let open: TestGateway;
  let named: TestGateway;
  beforeAll(async () => {
    closed = await startTestGateway(SUBGRAPHS);
    open = await startTestGateway(SUBGRAPHS, { GATEWAY_HTTP_CORS_ORIGINS: '*' });
    named = await startTestGateway(SUBGRAPHS, {
      GATEWAY_HTTP_CORS_ORIGINS: `${SHOP}, capacitor://localhost`,
      GATEWAY_HTTP_CORS_CREDENTIALS: 'true',
      GATEWAY_HTTP_CORS_ALLOWED_HEADERS: 'authorization,content-type',
      GATEWAY_HTTP_CORS_EXPOSED_HEADERS: 'X-Own',
      GATEWAY_HTTP_CORS_MAX_AGE_MS: '60000',
    });
  });
  afterAll(() => Promise.all([closed, open, named].map((gateway) => gateway.close())));

  it('are allowed nothing unless an option names them', async () => {
    expect(allowances(await query(closed, SHOP))).toEqual({});
    const response = await preflight(closed, SHOP);
    expect([response.status, allowances(response)]).toEqual([404, {}]);
  });

  it('are allowed what the options say, and another origin nothing that would help it', async () => {
    const exposed = 'age, cache-status, etag, ratelimit, ratelimit-policy, retry-after, www-authenticate, x-own';
    const granted = { 'allow-origin': SHOP, 'allow-credentials': 'true', 'expose-headers': exposed };
    expect(allowances(await query(named, SHOP))).toEqual(granted);
    const response = await preflight(named, SHOP);
    expect([response.status, allowances(response)]).toEqual([
      204,
      {
        ...granted,
        'allow-methods': 'GET, POST',
        'allow-headers': 'authorization, content-type',
        'max-age': '60',
      },
    ]);
    expect(allowances(await query(named, 'capacitor://localhost'))['allow-origin']).toBe('capacitor://localhost');
    for (const origin of ['https://evil.example', `${SHOP}.evil.example`, 'https://shop.example:444', 'null'])
      expect(allowances(await preflight(named, origin))['allow-origin']).toBeUndefined();
  });

  it('may be any, without cookies', async () => {
    const granted = allowances(await query(open, SHOP));
    expect([granted['allow-origin'], granted['allow-credentials']]).toEqual(['*', undefined]);
    expect(allowances(await preflight(open, SHOP))).toMatchObject({
      'allow-headers': 'authorization,content-type,x-own',
      'max-age': '86400',
    });
  });

  it('read errors as well', async () => {
    const { status, headers } = await named.query('{ nothing }', { headers: { origin: SHOP } });
    expect([status, headers.get('access-control-allow-origin')]).toEqual([400, SHOP]);
  });

  it.each(['https://shop.example/', 'shop.example', 'https://shop.example:443', 'https://Shop.example'])(
    'cannot be named %s, which no browser sends',
    (origin) => {
      const environment = { GATEWAY_HTTP_CORS_ORIGINS: origin };
      expect(() => readConfig({ schema: gatewayConfig, prefix: 'GATEWAY', environment })).toThrow(
        /http\.cors\.origins\.0: must be an origin as browsers send it/,
      );
    },
  );

  it('cannot be all of them with cookies', () => {
    const environment = { GATEWAY_HTTP_CORS_ORIGINS: '*', GATEWAY_HTTP_CORS_CREDENTIALS: 'true' };
    expect(() => readConfig({ schema: gatewayConfig, prefix: 'GATEWAY', environment })).toThrow(
      /http\.cors\.credentials.*cannot be true with the origin \*/,
    );
  });
});
