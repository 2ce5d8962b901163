import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startIssuer, type TestIssuer, trusting } from '../../support/issuer.ts';
import { type Arrived, type Proxied, refusalOf, startProxied } from './proxied.ts';

describe('a token in a cookie', () => {
  let issuer: TestIssuer;
  let proxied: Proxied;
  let cookie: string;

  beforeAll(async () => {
    issuer = await startIssuer();
    proxied = await startProxied({
      routes: { all: { path: '/a', upstream: 'rest', requires: { authenticated: true } } },
      environment: {
        ...trusting(issuer),
        GATEWAY_AUTHENTICATION_ISSUERS_TEST_COOKIE: 'session',
        GATEWAY_HTTP_CORS_ORIGINS: 'https://shop.example',
      },
    });
    cookie = `theme=dark; session=${await issuer.token({ subject: 'ada' })}; lang=en`;
  });
  afterAll(async () => {
    await proxied.close();
    await issuer.close();
  });

  const ask = (method: string, headers: Record<string, string> = {}) =>
    fetch(`${proxied.url}/a`, { method, headers: { cookie, ...headers } });

  it('travels on as a token, and no more as a cookie', async () => {
    const { headers } = (await (await ask('GET')).json()) as Arrived;
    expect(headers.cookie).toBe('theme=dark; lang=en');
    expect(headers.authorization).toMatch(/^Bearer /);
  });

  it('is of no use to pages of other sites, but for reading, which browsers let none of them', async () => {
    for (const origin of ['https://evil.example', 'null'])
      expect(await refusalOf(await ask('POST', { origin }))).toEqual({ status: 400, code: 'CSRF_PREVENTED' });
    for (const origin of [proxied.url, 'https://shop.example'])
      expect((await ask('POST', { origin })).status).toBe(200);
    expect((await ask('GET', { origin: 'https://evil.example' })).status).toBe(200);
  });

  it('and a page that may is told so, with the methods of routes', async () => {
    const preflight = await fetch(`${proxied.url}/a`, {
      method: 'OPTIONS',
      headers: { origin: 'https://shop.example', 'access-control-request-method': 'DELETE' },
    });
    expect(preflight.headers.get('access-control-allow-methods')).toMatch(/DELETE/);
    const answer = await ask('POST', { origin: 'https://shop.example' });
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://shop.example');
  });
});
