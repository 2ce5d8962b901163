import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createRemoteJWKSet, generateKeyPair, importJWK, type JWK, jwtVerify, SignJWT } from 'jose';
import { demoId } from '../../../subgraphs/demo.ts';
import { createUsers } from '../../../subgraphs/users/service.ts';
import { describeOnEachPostgres, type TestDatabase } from '../../support/servers.ts';
import { ask } from '../support/ask.ts';
import { cheapPasswords } from '../support/cheap-passwords.ts';
import { logIn } from '../support/log-in.ts';
import { startTestService, type TestService } from '../support/test-service.ts';

const ADA = demoId('user', 1);

describeOnEachPostgres('access tokens', (kind) => {
  let database: TestDatabase;
  let service: TestService;
  let kid: string;
  let sign: (claims: { aud?: string; iss?: string; exp?: number; sub?: string }, kid?: string) => Promise<string>;
  let publicJwk: JWK;

  beforeAll(async () => {
    database = await kind.create();
    const environment = { SEED: 'demo' };
    service = await startTestService(createUsers(cheapPasswords()), { databaseUrl: database.url, environment });
    // The issuer's own key, so that each token is wrong in one thing only.
    const { rows } = await service.pool.query("select kid, private_key from users.signing_key where state = 'current'");
    kid = rows[0].kid;
    const { d: _, ...jwk } = rows[0].private_key as JWK;
    publicJwk = jwk;
    const key = await importJWK(rows[0].private_key as JWK, 'ES256');
    sign = ({ aud = 'tributary', iss = 'http://localhost:4101', exp = inSeconds(60), sub = ADA }, id = kid) =>
      new SignJWT({ scope: 'user', sub, exp, aud, iss }).setProtectedHeader({ alg: 'ES256', kid: id }).sign(key);
  });

  afterAll(async () => {
    await service.close();
    await database.close();
  });

  function inSeconds(seconds: number): number {
    return Math.floor(Date.now() / 1_000) + seconds;
  }

  function encode(value: unknown): string {
    return Buffer.from(JSON.stringify(value)).toString('base64url');
  }

  function claims(): string {
    return encode({
      iss: 'http://localhost:4101',
      aud: 'tributary',
      sub: ADA,
      exp: inSeconds(60),
      scope: 'user admin',
    });
  }

  it('let in whoever holds a good one', async () => {
    expect(await ask(service.url, '{ me { id } }', { token: await sign({}) })).toMatchObject({
      status: 200,
      data: { me: { id: ADA } },
    });
  });

  it.each<[string, () => Promise<string> | string]>([
    ['has expired', () => sign({ exp: inSeconds(-60) })],
    ['is for another audience', () => sign({ aud: 'elsewhere' })],
    ['comes from another issuer', () => sign({ iss: 'https://elsewhere.example' })],
    ['names a key that is not published', () => sign({}, 'no-such-key')],
    [
      'is signed with another key',
      async () =>
        new SignJWT({
          scope: 'user admin',
          sub: ADA,
          exp: inSeconds(60),
          aud: 'tributary',
          iss: 'http://localhost:4101',
        })
          .setProtectedHeader({ alg: 'ES256', kid })
          .sign((await generateKeyPair('ES256')).privateKey),
    ],
    ['is not signed at all', () => `${encode({ alg: 'none' })}.${claims()}.`],
    [
      'is signed with the public key as if it were a secret',
      () => {
        const text = `${encode({ alg: 'HS256', kid })}.${claims()}`;
        return `${text}.${createHmac('sha256', JSON.stringify(publicJwk)).update(text).digest('base64url')}`;
      },
    ],
    ['was changed after it was signed', async () => (await sign({})).replace(/\.[^.]+\./, `.${claims()}.`)],
    ['is no token', () => 'nonsense'],
  ])('keep out whoever holds one that %s', async (_title, token) => {
    const answer = await ask(service.url, '{ me { id } }', { token: await token() });
    expect(answer).toMatchObject({ status: 401, codes: ['UNAUTHENTICATED'] });
  });

  it('can be verified by anyone, with at least two keys that are published', async () => {
    const url = new URL(`${service.url}/.well-known/jwks.json`);
    const response = await fetch(url);
    expect(response.headers.get('content-type')).toMatch('application/jwk-set+json');
    const { keys } = (await response.json()) as { keys: JWK[] };
    expect(keys.length).toBeGreaterThanOrEqual(2);
    expect(keys.filter((key) => 'd' in key)).toEqual([]);
    const { accessToken } = await logIn(service.url, 'ada@example.com');
    const { payload } = await jwtVerify(accessToken, createRemoteJWKSet(url), { audience: 'tributary', typ: 'at+jwt' });
    expect(payload.sub).toBe(ADA);
  });
});
