import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { createUsers } from '../../../subgraphs/users/service.ts';
import { describeOnEachPostgres, type TestDatabase } from '../../support/servers.ts';
import { ask } from '../support/ask.ts';
import { startTestService, type TestService } from '../support/test-service.ts';

const SECRET = 'a secret: with+signs & 100% sure';
const GRANT = { grant_type: 'client_credentials' };
const CLIENT = { client_id: 'orders', client_secret: SECRET };

interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

describeOnEachPostgres('POST /oauth/token', (kind) => {
  let database: TestDatabase;
  let service: TestService;

  beforeAll(async () => {
    database = await kind.create();
    const clients = { orders: { secret: SECRET, scopes: ['stock:reserve', 'stock:read'] } };
    const environment = { USERS_CLIENTS: JSON.stringify(clients) };
    service = await startTestService(createUsers(), { databaseUrl: database.url, environment });
  });

  afterAll(async () => {
    await service.close();
    await database.close();
  });

  async function post(body: URLSearchParams | string, headers: Record<string, string> = {}): Promise<Reply> {
    const response = await fetch(`${service.url}/oauth/token`, { method: 'POST', body, headers });
    return {
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as Record<string, unknown>,
    };
  }

  const form = (fields: Record<string, string>) => post(new URLSearchParams(fields));

  /** As RFC 6749 §2.3.1 has it: each half form-encoded, then both together. */
  function basic(name: string, secret: string): Record<string, string> {
    const encode = (text: string) => new URLSearchParams({ text }).toString().slice('text='.length);
    return { authorization: `Basic ${Buffer.from(`${encode(name)}:${encode(secret)}`).toString('base64')}` };
  }

  it('gives a service a token that speaks for itself', async () => {
    const { status, headers, body } = await form({ ...GRANT, ...CLIENT, scope: 'stock:reserve' });
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 900,
      scope: 'stock:reserve',
    });
    expect(decodeJwt(String(body.access_token))).toMatchObject({
      sub: 'service:orders',
      client_id: 'orders',
      scope: 'stock:reserve',
      aud: 'tributary',
    });
  });

  it('takes HTTP Basic too, and grants everything to a client that names no scope', async () => {
    expect(await post(new URLSearchParams(GRANT), basic('orders', SECRET))).toMatchObject({
      status: 200,
      body: { scope: 'stock:reserve stock:read' },
    });
  });

  it('gives tokens that the graph accepts, and that are nobody in it', async () => {
    const { body } = await form({ ...GRANT, ...CLIENT });
    const token = String(body.access_token);
    expect(await ask(service.url, '{ me { id } }', { token })).toMatchObject({ status: 200, data: { me: null } });
    expect(await ask(service.url, '{ users { edges { cursor } } }', { token })).toMatchObject({ codes: ['FORBIDDEN'] });
    expect(await ask(service.url, 'mutation { updateProfile(name: "Orders") { id } }', { token })).toMatchObject({
      data: { updateProfile: null },
      codes: [],
    });
  });

  it.each([
    ['a wrong secret', { ...GRANT, ...CLIENT, client_secret: 'wrong' }],
    ['an unknown client', { ...GRANT, ...CLIENT, client_id: 'nobody' }],
    ['a client with the name of a property', { ...GRANT, client_id: 'constructor', client_secret: '' }],
    ['no client', GRANT],
  ])('refuses %s', async (_title, fields) => {
    const { status, headers, body } = await form(fields);
    expect({ status, error: body.error }).toEqual({ status: 401, error: 'invalid_client' });
    expect(headers.get('www-authenticate')).toMatch(/^Basic /);
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it.each([
    ['a wrong secret by HTTP Basic', () => basic('orders', 'wrong')],
    ['a bearer token', () => ({ authorization: 'Bearer nonsense' })],
    ['HTTP Basic of one part', () => ({ authorization: `Basic ${Buffer.from('orders').toString('base64')}` })],
  ])('refuses %s', async (_title, headers) => {
    expect(await post(new URLSearchParams(GRANT), headers())).toMatchObject({
      status: 401,
      body: { error: 'invalid_client' },
    });
  });

  it.each([
    ['no grant type', CLIENT, 'invalid_request'],
    ['another grant type', { ...CLIENT, grant_type: 'password' }, 'unsupported_grant_type'],
    ['a scope that is not the client’s', { ...CLIENT, ...GRANT, scope: 'stock:reserve admin' }, 'invalid_scope'],
  ])('refuses %s', async (_title, fields, error) => {
    expect(await form(fields)).toMatchObject({ status: 400, body: { error } });
  });

  it('refuses a parameter that is given twice, and two proofs at once', async () => {
    const twice = new URLSearchParams({ ...GRANT, ...CLIENT });
    twice.append('grant_type', 'password');
    expect(await post(twice)).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
    expect(await post(new URLSearchParams({ ...GRANT, ...CLIENT }), basic('orders', SECRET))).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    });
  });

  it.each([
    ['JSON', JSON.stringify({ ...GRANT, ...CLIENT }), 'application/json'],
    ['a long form', `grant_type=${'a'.repeat(20_000)}`, 'application/x-www-form-urlencoded'],
  ])('refuses %s', async (_title, body, type) => {
    expect(await post(body, { 'content-type': type })).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    });
  });
});
