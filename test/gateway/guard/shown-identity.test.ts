import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { hashApiKey } from '../../../gateway/guard/api-keys.ts';
import { ClosingStack } from '../../../service/run.ts';
import { startIssuer, type TestIssuer, trusting } from '../../support/issuer.ts';
import { type RawServer, startRawServer } from '../../support/raw-server.ts';
import { startTestGateway, type TestGateway } from '../../support/test-gateway.ts';

const KEY = 'tributary_a-key-as-the-script-makes-it';
const BILLING = {
  GATEWAY_AUTHENTICATION_API_KEYS_BILLING_SHA256: hashApiKey(KEY),
  GATEWAY_AUTHENTICATION_API_KEYS_BILLING_SCOPES: 'invoices:read,invoices:write',
  GATEWAY_AUTHENTICATION_API_KEYS_BILLING_ROLES: 'machine',
};
const CLAIMS = {
  GATEWAY_AUTHENTICATION_FORWARD_CLAIMS: JSON.stringify({
    'X-User-Id': 'sub',
    'x-scope': 'scope',
    'x-roles': 'roles',
    'x-org': 'org',
  }),
};

/** What comes with any call. */
const USUAL = new Set([
  'x-timeout-ms',
  'host',
  'connection',
  'accept',
  'accept-language',
  'content-length',
  'content-type',
]);

describe('what subgraphs are shown of who asks', () => {
  let stack: ClosingStack;
  let issuer: TestIssuer;
  let subgraph: RawServer;
  let seen: Record<string, unknown>;

  beforeEach(async () => {
    stack = new ClosingStack();
    issuer = stack.add('issuer', await startIssuer());
    subgraph = await startRawServer((call, response) => {
      seen = Object.fromEntries(Object.entries(call.headers).filter(([name]) => !USUAL.has(name)));
      call.resume().on('end', () => {
        response.setHeader('content-type', 'application/json').end('{"data": {"hello": "world"}}');
      });
    });
    stack.add('subgraph', subgraph);
  });
  afterEach(() => stack.close());

  const open = async (environment: Record<string, string>): Promise<TestGateway> => {
    const schema = { name: 'one', url: subgraph.url, sdl: 'type Query { hello: String }' };
    return stack.add('gateway', await startTestGateway([schema], environment));
  };
  const ask = async (gateway: TestGateway, headers: Record<string, string> = {}) => {
    seen = {};
    const { status, body } = await gateway.query('{ hello }', { headers });
    return { status, reason: body.errors?.[0]?.extensions.reason, seen };
  };
  const toCookie = (token: string) => ({ cookie: `theme=dark; session=${token}; tracked=yes` });

  it('is the token and nothing else, unless it is told otherwise', async () => {
    const gateway = await open(trusting(issuer));
    const token = await issuer.token({ subject: 'ada' });
    expect((await ask(gateway, { authorization: `bearer  ${token}` })).seen).toEqual({
      authorization: `Bearer ${token}`,
    });
    expect((await ask(gateway)).seen).toEqual({});
  });

  it('is the token as a bearer token, wherever it came in', async () => {
    const gateway = await open({
      ...trusting(issuer),
      GATEWAY_AUTHENTICATION_ISSUERS_TEST_COOKIE: 'session',
      GATEWAY_AUTHENTICATION_ISSUERS_TEST_HEADER: 'X-Access-Token',
    });
    const [token, other] = [await issuer.token({ subject: 'ada' }), await issuer.token({ subject: 'bob' })];
    const shown = { authorization: `Bearer ${token}` };
    expect(await ask(gateway, toCookie(token))).toMatchObject({ status: 200, seen: shown });
    expect(await ask(gateway, { 'x-access-token': token, ...toCookie(other) })).toMatchObject({ seen: shown });
    expect(await ask(gateway, { 'x-access-token': `Bearer ${token}` })).toMatchObject({ seen: shown });
    // Where no issuer's tokens come in nothing is read, and so nothing sent on.
    expect(await ask(gateway, { authorization: `Bearer ${token}` })).toMatchObject({ status: 200, seen: {} });
    expect((await ask(gateway, toCookie(token))).seen).not.toHaveProperty('cookie');
  });

  it('takes tokens of an issuer only where they are to come in', async () => {
    const other = stack.add('other issuer', await startIssuer());
    const gateway = await open({
      ...trusting(issuer),
      ...trusting(other, 'OTHER'),
      GATEWAY_AUTHENTICATION_ISSUERS_OTHER_COOKIE: 'session',
    });
    const [ours, theirs] = [await issuer.token({ subject: 'ada' }), await other.token({ subject: 'bob' })];
    // Also when it is remembered from the right place.
    for (let round = 0; round < 2; round++) {
      expect(await ask(gateway, toCookie(theirs))).toMatchObject({ status: 200 });
      expect(await ask(gateway, { authorization: `Bearer ${ours}` })).toMatchObject({ status: 200 });
      expect(await ask(gateway, { authorization: `Bearer ${theirs}` })).toMatchObject({
        status: 401,
        reason: 'issuer',
      });
      expect(await ask(gateway, toCookie(ours))).toMatchObject({ status: 401, reason: 'issuer' });
    }
    expect(await ask(gateway, { cookie: 'session=' })).toMatchObject({ status: 200, seen: {} });
  });

  it('is the claims that are chosen, which no client can send', async () => {
    const gateway = await open({
      ...trusting(issuer),
      ...CLAIMS,
      GATEWAY_AUTHENTICATION_FORWARD_TOKEN: 'false',
      GATEWAY_HEADERS_FORWARD: 'x-tenant',
    });
    const spoofed = { 'x-user-id': 'root', 'x-roles': 'admin', 'x-org': 'all', 'x-tenant': 'acme' };
    expect((await ask(gateway, spoofed)).seen).toEqual({ 'x-tenant': 'acme' });
    const claims = { roles: ['editor', 'a,b'], org: { id: 7 } };
    const authorization = `Bearer ${await issuer.token({ subject: 'ada', scopes: ['read', 'write'], claims })}`;
    expect((await ask(gateway, { ...spoofed, authorization })).seen).toEqual({
      'x-tenant': 'acme',
      'x-user-id': 'ada',
      'x-scope': 'read write',
      'x-roles': 'editor,a%2Cb',
      'x-org': '{"id":7}',
    });
    const poor = `Bearer ${await issuer.token({ subject: 'bob', claims: { org: null } })}`;
    expect((await ask(gateway, { ...spoofed, authorization: poor })).seen).toEqual({
      'x-tenant': 'acme',
      'x-user-id': 'bob',
      'x-scope': '',
    });
  });

  it('is a claim of any characters in a header that can say it, and only it', async () => {
    const gateway = await open({ ...trusting(issuer), ...CLAIMS });
    for (const subject of [' ada', 'ada ', 'a\r\nx-roles: admin', 'Zoë 漢字', '100%', 'a,b', '\0', '\ud800']) {
      const authorization = `Bearer ${await issuer.token({ subject })}`;
      const { seen: shown } = await ask(gateway, { authorization });
      expect(decodeURIComponent(String(shown['x-user-id']))).toBe(subject.toWellFormed());
      expect(shown).not.toHaveProperty('x-roles');
    }
  });

  it('is not what a client says belongs to its connection', async () => {
    const gateway = await open({ ...trusting(issuer), ...CLAIMS, GATEWAY_HEADERS_FORWARD: 'x-tenant,x-other' });
    const token = await issuer.token({ subject: 'ada' });
    const status = await new Promise((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        connection: 'close, X-Tenant, Authorization, x-user-id',
        'x-tenant': 'acme',
        'x-other': 'kept',
      };
      const sent = request(`${gateway.url}/graphql`, { method: 'POST', headers }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode));
      });
      sent.on('error', reject).end('{"query": "{ hello }"}');
    });
    expect(status).toBe(200);
    // What the guard says goes on: it is ours, not the client's.
    expect(seen).toEqual({ authorization: `Bearer ${token}`, 'x-user-id': 'ada', 'x-scope': '', 'x-other': 'kept' });
  });

  describe('with an API key', () => {
    it('is the name, scopes and roles of the machine, never the key', async () => {
      const gateway = await open({ ...trusting(issuer), ...BILLING, ...CLAIMS });
      expect(await ask(gateway, { 'x-api-key': KEY })).toEqual({
        status: 200,
        reason: undefined,
        seen: { 'x-user-id': 'billing', 'x-scope': 'invoices:read invoices:write', 'x-roles': 'machine' },
      });
    });

    it('takes no other text for one', async () => {
      const gateway = await open(BILLING);
      for (const key of [`${KEY}x`, KEY.slice(0, -1), '', hashApiKey(KEY), 'billing'])
        expect(await ask(gateway, { 'x-api-key': key })).toEqual({ status: 401, reason: 'unknown API key', seen: {} });
    });

    it('does not take a token beside it, read or unread', async () => {
      const authorization = `Bearer ${await issuer.token({ subject: 'ada' })}`;
      for (const gateway of [await open({ ...trusting(issuer), ...BILLING }), await open(BILLING)])
        expect(await ask(gateway, { 'x-api-key': KEY, authorization })).toMatchObject({ status: 400, seen: {} });
    });

    it('takes the old and the new one while they change, in the header that is named', async () => {
      const gateway = await open({
        GATEWAY_AUTHENTICATION_API_KEYS_BILLING_SHA256: `${hashApiKey('old')},${hashApiKey('new').toUpperCase()}`,
        GATEWAY_AUTHENTICATION_API_KEY_HEADER: 'X-Machine',
      });
      for (const key of ['old', 'new']) expect((await ask(gateway, { 'x-machine': key })).status).toBe(200);
      expect((await ask(gateway, { 'x-machine': 'newer' })).status).toBe(401);
    });
  });
});
