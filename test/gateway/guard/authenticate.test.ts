import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
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
  const forge = async (algorithm: string, key: Parameters<SignJWT['sign']>[0], header = {}) =>
    new SignJWT({ scope: 'admin' })
      .setProtectedHeader({ alg: algorithm, kid: 'test-key', ...header })
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
    ...(['PEM', 'JWK'] as const).map((form) => ({
      name: `signed with the public key as a shared secret, as ${form}`,
      reason: 'algorithm',
      make: async () => {
        const { keys } = (await (await fetch(issuer.jwksUrl)).json()) as { keys: [JsonWebKey] };
        const pem = createPublicKey({ key: keys[0], format: 'jwk' }).export({ type: 'spki', format: 'pem' });
        return forge('HS256', new TextEncoder().encode(form === 'PEM' ? String(pem) : JSON.stringify(keys[0])));
      },
    })),
    {
      name: 'forged with a key that it brings itself',
      reason: 'signature',
      make: async () => {
        const { privateKey, publicKey } = await generateKeyPair('ES256');
        return forge('ES256', privateKey, { jwk: await exportJWK(publicKey), jku: `${subgraph.url}/keys` });
      },
    },
    {
      name: 'for another algorithm than its key',
      reason: 'unknown key',
      make: async () => forge('RS256', (await generateKeyPair('RS256')).privateKey),
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

  it('refuses another scheme, and says which one it takes', async () => {
    const { status, headers, body } = await ask('Basic YWRhOmFkYQ==');
    expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect(body.errors?.[0]).toMatchObject({ message: 'The header authorization must be "Bearer TOKEN".' });
  });

  it('says what is wrong with a token in the words of RFC 6750, and nothing that the token says', async () => {
    const token = await issuer.token({ subject: 'ada', expiresInS: -60, claims: { secret: 'of-ada' } });
    const { headers, body } = await ask(`Bearer ${token}`);
    expect(headers.get('www-authenticate')).toBe(
      'Bearer error="invalid_token", error_description="The access token has expired; get a new one with your refresh token or log in again."',
    );
    const shown = JSON.stringify([...headers, body]);
    for (const secret of ['ada', 'of-ada', issuer.issuer, ...token.split('.')]) expect(shown).not.toContain(secret);
  });

  it('says 503, not 401, when the keys cannot be fetched, and still serves the anonymous', async () => {
    const gone = await startRawServer(() => undefined);
    await gone.close();
    const cut = await startTestGateway([{ name: 'one', url: subgraph.url, sdl: 'type Query { token: String }' }], {
      ...trusting({ ...issuer, jwksUrl: gone.url }),
    });
    const authorization = `Bearer ${await issuer.token({ subject: 'ada' })}`;
    const { status, headers, body } = await cut.query('{ token }', { headers: { authorization } });
    expect({ status, retryAfter: headers.get('retry-after'), code: body.errors?.[0]?.extensions.code }).toEqual({
      status: 503,
      retryAfter: '5',
      code: 'IDENTITY_PROVIDER_UNAVAILABLE',
    });
    expect(headers.get('www-authenticate')).toBeNull();
    expect((await cut.query('{ token }')).status).toBe(200);
    await cut.close();
  });
});
