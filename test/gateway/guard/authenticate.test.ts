import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { startIssuer, type TestIssuer, trusting } from '../../support/issuer.ts';
import { type RawServer, startRawServer } from '../../support/raw-server.ts';
import { startTestGateway, type TestGateway } from '../../support/test-gateway.ts';

describe('authentication at the gateway', () => {
  let issuer: TestIssuer;
  let subgraph: RawServer;
  let gateway: TestGateway;
  let calls = 0;

  beforeAll(async () => {
    issuer = await startIssuer();
    subgraph = await startRawServer((request, response) => {
      calls++;
      request.resume().on('end', () => {
        response
          .setHeader('content-type', 'application/json')
          .end(JSON.stringify({ data: { token: request.headers.authorization ?? null } }));
      });
    });
    gateway = await startTestGateway([{ name: 'one', url: subgraph.url, sdl: 'type Query { token: String }' }], {
      ...trusting(issuer),
    });
  });
  afterAll(async () => {
    await gateway.close();
    await Promise.all([issuer.close(), subgraph.close()]);
  });

  const ask = (authorization?: string) =>
    gateway.query('{ token }', authorization === undefined ? {} : { headers: { authorization } });

  it('serves an anonymous caller', async () => {
    expect((await ask()).body).toEqual({ data: { token: null } });
  });

  it('passes a valid token on to the subgraph', async () => {
    const token = await issuer.token({ subject: 'ada' });
    expect((await ask(`Bearer ${token}`)).body).toEqual({ data: { token: `Bearer ${token}` } });
  });

  const now = () => Math.floor(Date.now() / 1_000);
  const forge = async (algorithm: string, key: Parameters<SignJWT['sign']>[0]) =>
    new SignJWT({ scope: 'admin' })
      .setProtectedHeader({ alg: algorithm, kid: 'test-key' })
      .setSubject('eve')
      .setIssuer(issuer.issuer)
      .setAudience(issuer.audience)
      .setExpirationTime('5 min')
      .sign(key);

  const REFUSED: readonly { name: string; reason: string; make: () => Promise<string> | string }[] = [
    { name: 'expired', reason: 'expired', make: () => issuer.token({ subject: 'ada', expiresInS: -60 }) },
    {
      name: 'for another audience',
      reason: 'audience',
      make: () => issuer.token({ subject: 'ada', audience: 'elsewhere' }),
    },
    {
      name: 'of another issuer',
      reason: 'issuer',
      make: () => issuer.token({ subject: 'ada', issuer: 'https://elsewhere.example' }),
    },
    {
      name: 'with a kid that nobody publishes',
      reason: 'unknown key',
      make: () => issuer.token({ subject: 'ada', keyId: 'mystery' }),
    },
    {
      name: 'not valid yet',
      reason: 'not yet valid',
      make: () => issuer.token({ subject: 'ada', claims: { nbf: now() + 60 } }),
    },
    {
      name: 'forged with a key of one’s own',
      reason: 'signature',
      make: async () => forge('ES256', (await generateKeyPair('ES256')).privateKey),
    },
    {
      name: 'signed with a shared secret',
      reason: 'algorithm',
      make: () => forge('HS256', new TextEncoder().encode('the public key, perhaps'.repeat(2))),
    },
    {
      name: 'with alg: none',
      reason: 'algorithm',
      make: () =>
        new UnsecuredJWT({})
          .setSubject('eve')
          .setIssuer(issuer.issuer)
          .setAudience(issuer.audience)
          .setExpirationTime('5 min')
          .encode(),
    },
    { name: 'no JWT', reason: 'malformed', make: () => 'abc' },
  ];

  it.each(REFUSED)(
    'refuses a token that is $name, with 401 and the reason, and asks no subgraph',
    async ({ make, reason }) => {
      const before = calls;
      const { status, headers, body } = await ask(`Bearer ${await make()}`);
      expect({ status, code: body.errors?.[0]?.extensions.code, reason: body.errors?.[0]?.extensions.reason }).toEqual({
        status: 401,
        code: 'UNAUTHENTICATED',
        reason,
      });
      expect(headers.get('www-authenticate')).toMatch(/^Bearer error="invalid_token"/);
      expect(body).not.toHaveProperty('data');
      expect(calls).toBe(before);
    },
  );

  it('refuses another scheme', async () => {
    expect((await ask('Basic YWRhOmFkYQ==')).status).toBe(401);
  });

  it('says 503, not 401, when the keys cannot be fetched, and still serves the anonymous', async () => {
    const gone = await startRawServer(() => undefined);
    await gone.close();
    const cut = await startTestGateway([{ name: 'one', url: subgraph.url, sdl: 'type Query { token: String }' }], {
      ...trusting({ ...issuer, jwksUrl: gone.url }),
    });
    const authorization = `Bearer ${await issuer.token({ subject: 'ada' })}`;
    const { status, body } = await cut.query('{ token }', { headers: { authorization } });
    expect({ status, code: body.errors?.[0]?.extensions.code }).toEqual({
      status: 503,
      code: 'IDENTITY_PROVIDER_UNAVAILABLE',
    });
    expect((await cut.query('{ token }')).status).toBe(200);
    await cut.close();
  });
});
