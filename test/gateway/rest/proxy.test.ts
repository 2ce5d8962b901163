import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startIssuer, type TestIssuer, trusting } from '../../support/issuer.ts';
import { writeRaw } from '../../support/raw-request.ts';
import { type Arrived, type Proxied, refusalOf, startProxied } from './proxied.ts';

const REST = { upstream: 'rest' };

describe('a route', () => {
  let issuer: TestIssuer;
  let proxied: Proxied;

  beforeAll(async () => {
    issuer = await startIssuer();
    proxied = await startProxied({
      routes: {
        users: { ...REST, path: '/users' },
        reports: {
          ...REST,
          path: '/users/reports',
          methods: ['GET'],
          requires: { scopes: [['read', 'report'], ['admin']] },
        },
        me: { ...REST, path: '/users/me', isExact: true, requires: { authenticated: true } },
        stripped: { ...REST, path: '/v1/files', stripPrefix: true },
        rewritten: { ...REST, path: '/v2', rewrite: '/internal/v2' },
        ruled: {
          ...REST,
          path: '/ruled',
          requestHeaders: { set: { 'x-set': 'by the gateway' }, remove: ['x-removed'] },
          responseHeaders: { set: { 'x-answer': 'set' }, remove: ['x-powered-by'] },
        },
      },
      environment: {
        ...trusting(issuer),
        GATEWAY_AUTHENTICATION_FORWARD_CLAIMS: JSON.stringify({ 'X-User-Id': 'sub' }),
      },
    });
  });
  afterAll(async () => {
    await proxied.close();
    await issuer.close();
  });

  const ask = (path: string, init?: RequestInit) => fetch(`${proxied.url}${path}`, init);
  const arrive = async (path: string, init?: RequestInit) => (await (await ask(path, init)).json()) as Arrived;
  const bearer = async (scopes: readonly string[] = []) => ({
    authorization: `Bearer ${await issuer.token({ subject: 'ada', scopes })}`,
  });

  it('passes on method, path, query string, headers and body', async () => {
    const got = await arrive('/users/1%20a?x=1&x=2%2F', {
      method: 'PATCH',
      headers: { 'content-type': 'text/plain', 'x-any': 'thing', cookie: 'a=1; b=2' },
      body: 'é',
    });
    expect(got).toMatchObject({ method: 'PATCH', url: '/users/1%20a?x=1&x=2%2F', body: 'é' });
    expect(got.headers).toMatchObject({ 'content-type': 'text/plain', 'x-any': 'thing', cookie: 'a=1; b=2' });
  });

  it('rewrites the path as it says', async () => {
    expect((await arrive('/v1/files/a/b?c')).url).toBe('/a/b?c');
    expect((await arrive('/v1/files')).url).toBe('/');
    expect((await arrive('/v2/a%20b')).url).toBe('/internal/v2/a%20b');
    expect((await arrive('/v2?q')).url).toBe('/internal/v2?q');
  });

  it('is for whole segments, and the longest one has a request', async () => {
    expect((await ask('/usersX')).status).toBe(404);
    expect(await refusalOf(await ask('/users/reports'))).toEqual({ status: 401, code: 'UNAUTHENTICATED' });
    expect((await arrive('/users/me/photo')).url).toBe('/users/me/photo');
  });

  it('is not avoided by another way to write its path', async () => {
    for (const path of ['/users/%6de', '/users/me/'])
      expect(await refusalOf(await ask(path))).toEqual({ status: 401, code: 'UNAUTHENTICATED' });
    expect(await refusalOf(await ask('/users/m%65;v=1'))).toEqual({ status: 400, code: 'BAD_REQUEST' });
  });

  it('is not avoided by another method', async () => {
    const response = await ask('/users/reports', { method: 'POST', headers: await bearer(['admin']) });
    expect(response.headers.get('allow')).toBe('GET, HEAD');
    expect(await refusalOf(response)).toEqual({ status: 405, code: 'METHOD_NOT_ALLOWED' });
  });

  it('requires what it says: a token, and all scopes of one list', async () => {
    const of = async (scopes: readonly string[]) => ask('/users/reports', { headers: await bearer(scopes) });
    const refused = await of(['read']);
    expect(refused.headers.get('www-authenticate')).toBe('Bearer error="insufficient_scope", scope="read report"');
    expect(await refusalOf(refused)).toEqual({ status: 403, code: 'FORBIDDEN' });
    expect((await of(['read', 'report'])).status).toBe(200);
    expect((await of(['admin'])).status).toBe(200);
    expect((await ask('/users/me', { headers: await bearer() })).status).toBe(200);
  });

  it('refuses a token that is not valid, also where none is required', async () => {
    const response = await ask('/users', { headers: { authorization: 'Bearer nonsense' } });
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer error="invalid_token"/);
    expect(await refusalOf(response)).toEqual({ status: 401, code: 'UNAUTHENTICATED' });
  });

  it('says who asks itself, whatever the client says', async () => {
    const said = { 'x-user-id': 'root', x_user_id: 'root' };
    const anonymous = await arrive('/users', { headers: said });
    expect(anonymous.headers).not.toHaveProperty('x-user-id');
    expect(anonymous.headers).not.toHaveProperty('x_user_id');
    const headers = await bearer();
    const known = await arrive('/users', { headers: { ...said, ...headers } });
    expect(known.headers).toMatchObject({ 'x-user-id': 'ada', authorization: headers.authorization });
    expect(known.headers).not.toHaveProperty('x_user_id');
  });

  it('sets and removes headers of both ways', async () => {
    const response = await ask('/ruled', { headers: { 'x-removed': '1', 'x-set': 'by a client' } });
    const { headers } = (await response.json()) as Arrived;
    expect(headers).toMatchObject({ 'x-set': 'by the gateway' });
    expect(headers).not.toHaveProperty('x-removed');
    expect(response.headers.get('x-answer')).toBe('set');
    expect(response.headers.has('x-powered-by')).toBe(false);
  });

  it('says where a request came from, and takes no stranger’s word for it', async () => {
    const { headers } = await arrive('/users', {
      headers: {
        'x-forwarded-for': '192.0.2.9',
        'x-forwarded-proto': 'https',
        'x-forwarded-host': 'evil.example',
        'x-forwarded-prefix': '/evil',
        'x-real-ip': '192.0.2.9',
        forwarded: 'for=192.0.2.9',
        via: '1.1 before',
      },
    });
    const { host } = new URL(proxied.url);
    expect(headers).toMatchObject({
      ...{ 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'http', 'x-forwarded-host': host },
      ...{ forwarded: `for=127.0.0.1;host="${host}";proto=http`, via: '1.1 before, 1.1 tributary' },
    });
    expect(headers).not.toHaveProperty('x-forwarded-prefix');
    expect(headers).not.toHaveProperty('x-real-ip');
    expect(headers.host).not.toBe(host);
  });

  it('takes out what belongs to one connection', async () => {
    const head = [
      'GET /users HTTP/1.1',
      'host: gateway.example',
      'connection: close, x-mine, x-forwarded-for',
      'x-mine: 1',
      'keep-alive: timeout=5',
      'proxy-connection: keep-alive',
      'proxy-authorization: Basic YTpi',
      'te: trailers',
      'upgrade: h2c',
      'http2-settings: AAMAAABk',
    ];
    const answer = await writeRaw(proxied.url, `${head.join('\r\n')}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(answer).toMatch(/\r\nvia: 1\.1 tributary\r\n/);
    const { headers } = proxied.arrived.at(-1) as Arrived;
    const own = ['connection', 'forwarded', 'host', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto'];
    expect(Object.keys(headers).sort()).toEqual(own);
  });

  it('leaves the graph and its errors as they are', async () => {
    const graph = await proxied.gateway.query('{ __typename }');
    expect(graph.body.data).toEqual({ __typename: 'Query' });
    const missing = await ask('/nowhere');
    expect([missing.status, await missing.json()]).toMatchObject([
      404,
      { errors: [{ extensions: { code: 'NOT_FOUND' } }] },
    ]);
  });
});

describe('a route behind proxies that are trusted', () => {
  it('keeps what they say in x-forwarded-*, and adds to it; forwarded is made of that, whoever wrote one', async () => {
    const proxied = await startProxied({
      routes: { all: { ...REST, path: '/' } },
      environment: { GATEWAY_HTTP_TRUSTED_PROXIES: '127.0.0.0/8' },
    });
    try {
      const said = {
        'x-forwarded-for': '2001:db8::7',
        'x-forwarded-proto': 'https',
        'x-forwarded-host': 'shop.example',
      };
      await fetch(`${proxied.url}/a`, { headers: said });
      await fetch(`${proxied.url}/a`, { headers: { ...said, forwarded: 'for=192.0.2.9;host=evil.example' } });
      const [made, again] = proxied.arrived.map(({ headers }) => headers);
      expect(made).toMatchObject({
        ...{ 'x-forwarded-for': '2001:db8::7, 127.0.0.1', 'x-forwarded-proto': 'https' },
        'x-forwarded-host': 'shop.example',
        forwarded: 'for="[2001:db8::7]", for=127.0.0.1;host=shop.example;proto=https',
      });
      expect(again?.forwarded).toBe(made?.forwarded);
    } finally {
      await proxied.close();
    }
  });
});

describe('the limits of clients', () => {
  it('are those of the graph: of rates, by the rules that count requests', async () => {
    const rules = {
      all: { limit: 2, windowS: 3600 },
      searches: { limit: 1, windowS: 3600, fields: ['Query.hello'] },
      named: { limit: 1, windowS: 3600, operations: ['Search'] },
      cost: { limit: 1, windowS: 3600, unit: 'cost' },
    };
    const proxied = await startProxied({
      routes: { all: { ...REST, path: '/a' } },
      environment: {
        GATEWAY_RATE_LIMIT_SETS: JSON.stringify({ everybody: { client: ['ip'], rules } }),
        GATEWAY_COST_MODE: 'enforce',
      },
    });
    try {
      const first = await fetch(`${proxied.url}/a`);
      expect(first.headers.get('ratelimit')).toMatch(/^"all";r=1;t=/);
      await fetch(`${proxied.url}/a`);
      const refused = await fetch(`${proxied.url}/a`);
      expect(refused.headers.has('retry-after')).toBe(true);
      expect(await refusalOf(refused)).toEqual({ status: 429, code: 'RATE_LIMITED' });
      expect(proxied.arrived).toHaveLength(2);
    } finally {
      await proxied.close();
    }
  });

  it('bound an address, with the graph and routes together', async () => {
    const proxied = await startProxied({
      routes: { all: { ...REST, path: '/a' } },
      environment: { GATEWAY_RATE_LIMIT_ADDRESS_REQUESTS_PER_S: '1' },
    });
    try {
      // Those of one second are not seen apart: among so many at once there are two of the same.
      const answers = await Promise.all(Array.from({ length: 20 }, () => fetch(`${proxied.url}/a`)));
      const refused = answers.filter(({ status }) => status === 429);
      expect(refused.length).toBeGreaterThan(0);
      expect(await refusalOf(refused[0] as Response)).toEqual({ status: 429, code: 'RATE_LIMITED' });
      expect(proxied.arrived).toHaveLength(20 - refused.length);
    } finally {
      await proxied.close();
    }
  });

  it('count requests that are under way', async () => {
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const { promise: arrival, resolve: arrive } = Promise.withResolvers<void>();
    const proxied = await startProxied({
      routes: { all: { ...REST, path: '/a' } },
      services: {
        rest: async (_request, response) => {
          arrive();
          await gate;
          response.end('done');
        },
      },
      environment: { GATEWAY_HTTP_MAX_CONCURRENT_REQUESTS: '1' },
    });
    try {
      const waiting = fetch(`${proxied.url}/a`);
      await arrival;
      const refused = await fetch(`${proxied.url}/a`);
      expect(await refusalOf(refused)).toEqual({ status: 429, code: 'TOO_MANY_CONCURRENT_REQUESTS' });
      open();
      expect(await (await waiting).text()).toBe('done');
      expect((await fetch(`${proxied.url}/a`)).status).toBe(200);
    } finally {
      await proxied.close();
    }
  });
});
