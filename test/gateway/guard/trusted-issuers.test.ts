import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { authenticationConfig } from '../../../gateway/authentication-config.ts';
import { openTrustedIssuers, type TrustedIssuers } from '../../../gateway/guard/trusted-issuers.ts';
import { ClosingStack } from '../../../service/run.ts';
import { type KeyServer, startKeyServer, type TestKey } from '../../support/key-server.ts';
import { until } from '../../support/until.ts';

const MINUTE_MS = 60_000;

describe('trusted issuers', () => {
  let stack: ClosingStack;
  let server: KeyServer;
  let key: TestKey;
  let nowMs: number;

  beforeEach(async () => {
    stack = new ClosingStack();
    server = stack.add('issuer', await startKeyServer());
    key = await server.addKey('one');
    server.publish(key);
    nowMs = 0;
  });
  afterEach(() => stack.close());

  const open = (issuers: Record<string, unknown>): TrustedIssuers =>
    stack.add(
      'trusted',
      openTrustedIssuers(authenticationConfig.parse({ issuers }).issuers, () => nowMs),
    );
  const trust = ({ issuer, audience, jwksUrl }: KeyServer, more = {}) => ({
    issuer,
    audiences: [audience],
    jwksUrl,
    ...more,
  });
  const openOne = (more = {}) => open({ one: trust(server, more) });
  const outcome = (issuers: TrustedIssuers, token: string): Promise<string> =>
    issuers.verify(token).then(
      ({ identity }) => identity.subject,
      (error: { fault: string }) => error.fault,
    );

  it('are asked for their keys before anybody comes', async () => {
    openOne();
    await until(() => server.fetches.jwks === 1);
  });

  it('change their keys with an overlap, and nobody is refused', async () => {
    const issuers = openOne();
    const old = await server.token(key);
    expect(await outcome(issuers, old)).toBe('ada');
    const next = await server.addKey('two');
    server.publish(key, next);
    nowMs += 5_000;
    expect(await outcome(issuers, await server.token(next))).toBe('ada');
    expect(await outcome(issuers, old)).toBe('ada');
    expect([server.fetches.jwks, issuers.withdrawals(server.issuer)]).toEqual([2, 0]);
    server.publish(next);
    nowMs += 11 * MINUTE_MS;
    expect(await until(() => outcome(issuers, old).then((result) => result !== 'ada' && result))).toBe('unknown key');
    expect(await outcome(issuers, await server.token(next))).toBe('ada');
    expect(issuers.withdrawals(server.issuer)).toBe(1);
  });

  it('may be away when we start: their tokens wait for them, and nobody asks more than once in 5 s', async () => {
    await server.stop();
    const issuers = openOne();
    const token = await server.token(key);
    for (let tries = 0; tries < 20; tries++) expect(await outcome(issuers, token)).toBe('keys unavailable');
    await server.listen();
    expect(await outcome(issuers, token)).toBe('keys unavailable');
    expect(server.fetches.jwks).toBe(0);
    nowMs += 5_000;
    expect(await outcome(issuers, token)).toBe('ada');
    expect(server.fetches.jwks).toBe(1);
  });

  it.each(['stop', 'failure', 'nonsense'] as const)(
    'may be away later (%s): the keys that are known stay in use',
    async (how) => {
      const issuers = openOne();
      expect(await outcome(issuers, await server.token(key))).toBe('ada');
      if (how === 'stop') await server.stop();
      else server.answer = how;
      for (let hours = 0; hours < 48; hours++) {
        nowMs += 60 * MINUTE_MS;
        expect(await outcome(issuers, await server.token(key, { jti: String(hours) }))).toBe('ada');
      }
      // Whether a key is new cannot be told now: that is not the fault of its token.
      const next = await server.addKey('two');
      expect(await outcome(issuers, await server.token(next))).toBe('keys unavailable');
      server.publish(key, next);
      server.answer = 'keys';
      if (how === 'stop') await server.listen();
      nowMs += 5_000;
      expect(await outcome(issuers, await server.token(next))).toBe('ada');
    },
  );

  it('are not asked more often when a storm of forged kids comes', async () => {
    const issuers = openOne();
    expect(await outcome(issuers, await server.token(key))).toBe('ada');
    const forged = await Promise.all(
      Array.from({ length: 100 }, (_, n) => server.token(key, {}, { kid: `forged-${n}` })),
    );
    for (let second = 0; second < 60; second++) {
      nowMs += 1_000;
      const outcomes = await Promise.all(forged.map((token) => outcome(issuers, token)));
      expect(new Set(outcomes)).toEqual(new Set(['unknown key']));
      expect(await outcome(issuers, await server.token(key, { jti: String(second) }))).toBe('ada');
    }
    // 6,000 of them in a minute: one fetch at the start, then one in 5 s.
    expect(server.fetches.jwks).toBe(1 + 12);
  });

  it('are asked once by all who come at the same time', async () => {
    const issuers = openOne();
    const tokens = await Promise.all(Array.from({ length: 50 }, (_, n) => server.token(key, { jti: String(n) })));
    expect(new Set(await Promise.all(tokens.map((token) => outcome(issuers, token))))).toEqual(new Set(['ada']));
    expect(server.fetches.jwks).toBe(1);
  });

  it('are told apart when they have keys of the same kid', async () => {
    const other = stack.add('other issuer', await startKeyServer());
    const otherKey = await other.addKey('one');
    other.publish(otherKey);
    const issuers = open({ one: trust(server), other: trust(other) });
    expect(await outcome(issuers, await server.token(key))).toBe('ada');
    expect(await outcome(issuers, await other.token(otherKey, { sub: 'bob' }))).toBe('bob');
    expect(await outcome(issuers, await server.token(otherKey))).toBe('signature');
    expect(await outcome(issuers, await other.token(key))).toBe('signature');
    expect(await outcome(issuers, await server.token(key, { iss: 'https://elsewhere.example' }))).toBe('issuer');
    expect(await outcome(issuers, await server.token(key, { aud: ['elsewhere'] }))).toBe('audience');
  });

  describe('found by discovery', () => {
    const openFound = () => open({ one: { issuer: server.issuer, audiences: ['shop'] } });

    it('need no address of their keys', async () => {
      expect(await outcome(openFound(), await server.token(key))).toBe('ada');
      expect(server.fetches).toEqual({ jwks: 1, discovery: 1 });
    });

    it.each([{ issuer: 'https://elsewhere.example' }, { jwks_uri: 'file:///etc/passwd' }, { jwks_uri: null }])(
      'are not believed when their configuration says %j',
      async (wrong) => {
        server.discovery = wrong;
        expect(await outcome(openFound(), await server.token(key))).toBe('keys unavailable');
        expect(server.fetches).toEqual({ jwks: 0, discovery: 1 });
      },
    );
  });
});
