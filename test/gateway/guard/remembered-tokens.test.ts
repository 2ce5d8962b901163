import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { authenticationConfig } from '../../../gateway/authentication-config.ts';
import { type AuthenticationEvent, authenticationEvents } from '../../../gateway/guard/authentication-events.ts';
import { type Identify, rememberTokens } from '../../../gateway/guard/remembered-tokens.ts';
import { openTrustedIssuers } from '../../../gateway/guard/trusted-issuers.ts';
import { ClosingStack } from '../../../service/run.ts';
import { type KeyServer, startKeyServer, type TestKey } from '../../support/key-server.ts';
import { until } from '../../support/until.ts';

describe('tokens that were verified', () => {
  let stack: ClosingStack;
  let server: KeyServer;
  let key: TestKey;
  let nowMs: number;
  let events: AuthenticationEvent['kind'][];

  beforeEach(async () => {
    stack = new ClosingStack();
    server = stack.add('issuer', await startKeyServer());
    key = await server.addKey('one');
    server.publish(key);
    nowMs = Date.now();
    events = [];
    const count = (event: unknown) => void events.push((event as AuthenticationEvent).kind);
    authenticationEvents.subscribe(count);
    stack.add('count', { close: async () => void authenticationEvents.unsubscribe(count) });
  });
  afterEach(() => stack.close());

  const open = (maxBytes = 1_000_000): Identify => {
    const { issuer, audience, jwksUrl } = server;
    const { issuers } = authenticationConfig.parse({ issuers: { one: { issuer, audiences: [audience], jwksUrl } } });
    const now = () => nowMs;
    return rememberTokens(stack.add('trusted', openTrustedIssuers(issuers, now)), { maxBytes, now });
  };
  const counted = (kind: AuthenticationEvent['kind']) => events.filter((event) => event === kind).length;
  const faultOf = async (identify: Identify, token: string) => {
    try {
      return (await identify(token)).subject;
    } catch (error) {
      return (error as { fault?: string }).fault;
    }
  };

  it('are not verified again, and are known in the same turn', async () => {
    const identify = open();
    const token = await server.token(key);
    const identity = await identify(token);
    for (let times = 0; times < 100; times++) expect(identify(token)).toBe(identity);
    expect([counted('verified'), counted('remembered')]).toEqual([1, 100]);
  });

  it('are verified once for all who bring them at the same time', async () => {
    const identify = open();
    const token = await server.token(key);
    const identities = await Promise.all(Array.from({ length: 50 }, () => identify(token)));
    expect(new Set(identities).size).toBe(1);
    expect([counted('verified'), counted('joined')]).toEqual([1, 49]);
  });

  it('are refused once they have expired, as if nobody had seen them before', async () => {
    const identify = open();
    const expires = Math.floor(Date.now() / 1_000) + 60;
    const token = await server.token(key, { exp: expires });
    await identify(token);
    nowMs = expires * 1_000 + 4_999;
    expect(await faultOf(identify, token)).toBe('ada');
    expect(counted('verified')).toBe(1);
    // By our clock it has expired; the real one has not moved, so it is verified once more.
    nowMs += 1;
    await identify(token);
    expect(counted('verified')).toBe(2);
  });

  it('are verified again when a key of their issuer was withdrawn', async () => {
    const other = await server.addKey('two');
    server.publish(key, other);
    const identify = open();
    const anHour = { exp: Math.floor(Date.now() / 1_000) + 3_600 };
    const [token, good] = [await server.token(key, anHour), await server.token(other, anHour)];
    await Promise.all([identify(token), identify(good)]);
    server.publish(other);
    nowMs += 11 * 60_000;
    // The look at the keys goes on in the background: whoever brings about that it is time is not held up by it.
    expect(identify(token)).not.toBeInstanceOf(Promise);
    expect(await until(async () => (await faultOf(identify, token)) === 'unknown key')).toBe(true);
    expect(await faultOf(identify, good)).toBe('ada');
    expect(counted('verified')).toBe(3);
  });

  it('are known by all of them: not by how they begin, and not by what they say', async () => {
    const identify = open();
    const token = await server.token(key);
    await identify(token);
    const [header = '', payload = '', signature = ''] = token.split('.');
    const flipped = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
    expect(await faultOf(identify, `${header}.${payload}.${flipped}`)).toBe('signature');
    expect(await faultOf(identify, `${header}.${payload}.`)).toBe('signature');
    const forged = Buffer.from(Buffer.from(payload, 'base64url').toString().replace('"ada"', '"eve"')).toString(
      'base64url',
    );
    expect(await faultOf(identify, `${header}.${forged}.${signature}`)).toBe('signature');
    expect(counted('remembered')).toBe(0);
  });

  it('are not remembered when they are refused', async () => {
    const identify = open();
    const token = await server.token(key, { aud: 'elsewhere' });
    for (let times = 0; times < 3; times++) expect(await faultOf(identify, token)).toBe('audience');
    expect(events.filter((kind) => kind !== 'keys')).toEqual([]);
  });

  it('are forgotten, those longest unused first, when they would take too much memory', async () => {
    const identify = open(8_000);
    const tokens = await Promise.all(Array.from({ length: 20 }, (_, n) => server.token(key, { jti: String(n) })));
    for (const token of tokens) await identify(token);
    for (const token of tokens.slice(-2)) expect(identify(token)).not.toBeInstanceOf(Promise);
    await identify(tokens[0] ?? '');
    expect(counted('verified')).toBe(21);
  });

  it('are verified each time when none may be remembered', async () => {
    const identify = open(0);
    const token = await server.token(key);
    for (let times = 0; times < 3; times++) await identify(token);
    expect(counted('verified')).toBe(3);
  });
});
