import { createHmac, generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { exportSPKI, type JWTPayload } from 'jose';
import { createTokenVerifier, type TokenVerifierOptions } from '../../service/tokens.ts';
import { type KeyServer, startKeyServer, type TestKey } from '../support/key-server.ts';

describe('access tokens', () => {
  let server: KeyServer;
  let elliptic: TestKey;
  let rsa: TestKey;

  beforeEach(async () => {
    server = await startKeyServer();
    [elliptic, rsa] = await Promise.all([server.addKey('elliptic'), server.addKey('rsa', 'RS256')]);
    server.publish(elliptic, rsa);
  });
  afterEach(() => server.close());

  const verify = (token: string, more: Partial<TokenVerifierOptions> = {}) => {
    const { issuer, audience, jwksUrl } = server;
    return createTokenVerifier({ issuer, audience, keys: new URL(jwksUrl), ...more })(token);
  };
  const faultOf = (token: string, more: Partial<TokenVerifierOptions> = {}) =>
    verify(token, more).then(
      () => 'none',
      (error: { fault: string }) => error.fault,
    );
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const claims = () => ({
    sub: 'eve',
    iss: server.issuer,
    aud: server.audience,
    exp: Math.floor(Date.now() / 1_000) + 60,
  });

  it.each(['EdDSA', 'Ed25519', 'ES384', 'ES512', 'PS256', 'RS512'])(
    'are accepted when signed with %s',
    async (algorithm) => {
      const key = await server.addKey('another', algorithm);
      server.publish(elliptic, rsa, key);
      expect(await verify(await server.token(key))).toMatchObject({
        kind: 'token',
        subject: 'ada',
        issuer: server.issuer,
      });
    },
  );

  it('are not accepted without a signature', async () => {
    for (const alg of ['none', 'None', 'NONE', ''])
      expect(await faultOf(`${encode({ alg, kid: 'rsa' })}.${encode(claims())}.`)).toMatch(/algorithm|malformed/);
  });

  it('are not accepted when a public key was taken for a shared secret', async () => {
    const spki = await exportSPKI(rsa.pair.publicKey);
    for (const secret of [spki, spki.trimEnd(), JSON.stringify(rsa.jwk), String(rsa.jwk.n)]) {
      const signed = `${encode({ alg: 'HS256', kid: 'rsa' })}.${encode(claims())}`;
      const token = `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
      expect(await faultOf(token)).toBe('algorithm');
    }
  });

  it('are not accepted when signed with an algorithm that is not allowed, or that does not fit the key', async () => {
    expect(await faultOf(await server.token(rsa), { algorithms: ['ES256'] })).toBe('algorithm');
    expect(await faultOf(await server.token(elliptic), { algorithms: ['RS256'] })).toBe('algorithm');
    expect(await faultOf(await server.token(elliptic, {}, { kid: 'rsa' }))).toBe('unknown key');
    expect(await faultOf(await server.token({ ...rsa, jwk: elliptic.jwk }))).toBe('unknown key');
  });

  it('bring no keys of their own, nor addresses of such', async () => {
    const mine = await server.addKey('mine');
    const headers = [{ jwk: mine.jwk }, { jku: `${server.issuer}/mine` }, { kid: 'elliptic', jwk: mine.jwk }];
    const faults = await Promise.all(headers.map(async (header) => faultOf(await server.token(mine, {}, header))));
    expect(faults).toEqual(['unknown key', 'unknown key', 'signature']);
  });

  it('are not accepted when signed with a key that is too short', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1_024 });
    const short = { ...rsa, jwk: { ...publicKey.export({ format: 'jwk' }), kid: 'short' } };
    server.publish(short);
    expect(await faultOf(await server.token({ ...rsa, jwk: short.jwk }))).toBe('unknown key');
  });

  it('need no kid, however many keys there are', async () => {
    const keys = await Promise.all([server.addKey(undefined), server.addKey(undefined)]);
    server.publish(rsa, ...keys);
    for (const key of keys) expect(await verify(await server.token(key))).toMatchObject({ subject: 'ada' });
    expect(await faultOf(await server.token(await server.addKey(undefined)))).toBe('signature');
  });

  it.each([{ sub: undefined }, { sub: '' }, { sub: 7 }, { exp: undefined }, { exp: 'tomorrow' }, { aud: undefined }])(
    'are malformed with %j',
    async (wrong) => {
      expect(await faultOf(await server.token(elliptic, wrong as JWTPayload))).toBe('malformed');
    },
  );

  it('may be for any of several audiences', async () => {
    const token = await server.token(elliptic, { aud: ['elsewhere', 'shop'] });
    expect(await verify(token, { audience: ['app', 'shop'] })).toMatchObject({ subject: 'ada' });
    expect(await faultOf(token, { audience: ['app'] })).toBe('audience');
  });

  it('are accepted a little after they expired, by as much as clocks may differ', async () => {
    const token = await server.token(elliptic, { exp: Math.floor(Date.now() / 1_000) - 30 });
    expect(await faultOf(token)).toBe('expired');
    expect(await verify(token, { clockToleranceS: 60 })).toMatchObject({ subject: 'ada' });
  });

  it('may be asked to be of a type', async () => {
    const [typed, untyped] = [await server.token(elliptic, {}, { typ: 'AT+JWT' }), await server.token(elliptic)];
    expect(await verify(typed, { type: 'at+jwt' })).toMatchObject({ subject: 'ada' });
    expect(await faultOf(untyped, { type: 'at+jwt' })).toBe('type');
  });

  it.each([
    ['one text', { scope: 'read  write' }, ['read', 'write'], []],
    ['lists', { scp: ['read', 'write'], roles: ['admin'] }, ['read', 'write'], ['admin']],
    ['both', { scope: 'read', scp: 'write' }, ['read', 'write'], []],
    ['neither', { scope: 7, roles: { admin: true } }, [], []],
    ['things that are no words', { scp: [1, null, '', 'read'], roles: null }, ['read'], []],
  ])('say scopes and roles as %s', async (_, said, scopes, roles) => {
    const identity = await verify(await server.token(elliptic, said));
    expect([[...identity.scopes], [...identity.roles]]).toEqual([scopes, roles]);
  });

  it('say scopes and roles in the claims that are named, also inside of others', async () => {
    const token = await server.token(elliptic, {
      scope: 'none',
      'https://shop.example/scopes': ['read'],
      realm_access: { roles: ['admin'] },
    });
    const named = {
      scopeClaims: ['https://shop.example/scopes'],
      roleClaims: ['realm_access.roles', '__proto__.constructor'],
    };
    const identity = await verify(token, named);
    expect([[...identity.scopes], [...identity.roles]]).toEqual([['read'], ['admin']]);
  });
});
