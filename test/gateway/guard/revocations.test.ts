import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { API_KEY_ISSUER } from '../../../gateway/authentication-config.ts';
import { RevocationError, readRevocations } from '../../../gateway/guard/revocation.ts';
import { openRevocations, type RevocationsOptions } from '../../../gateway/guard/revocations.ts';
import { type Store, StoreError, type StoreRead } from '../../../gateway/store/store.ts';
import { createMemoryStore } from '../../../gateway/store/store-memory.ts';
import { openRedisStore } from '../../../gateway/store/store-redis.ts';
import type { Identity } from '../../../service/identity.ts';
import { ClosingStack } from '../../../service/run.ts';
import { describeOnRedis } from '../../support/servers.ts';

const ISSUER = 'https://idp.example';

function identify(subject: string, claims: Identity['claims'] = {}, issuer = ISSUER): Identity {
  const none: ReadonlySet<string> = new Set();
  return { kind: 'token', issuer, subject, scopes: none, roles: none, expiresAt: undefined, claims };
}

function describeRevocations(title: string, openStore: (stack: ClosingStack) => Promise<Store>): void {
  describe(`what was revoked (${title})`, () => {
    let stack: ClosingStack;
    let store: Store;
    let reads: number;
    let isAway: boolean;
    let nowMs: number;

    beforeEach(async () => {
      stack = new ClosingStack();
      store = await openStore(stack);
      reads = 0;
      isAway = false;
      nowMs = Date.now();
    });
    afterEach(() => stack.close());

    const open = (options: Partial<RevocationsOptions> = {}) => {
      // The store itself, counted, and out of reach when a test wants it to be.
      const read = async (keys: readonly string[]): Promise<StoreRead> => {
        reads++;
        if (isAway) throw new StoreError('unavailable', 'the store is away');
        return store.read(keys);
      };
      const usual = { checkEveryMs: 5_000, onStoreFailure: 'open', retentionMs: 60_000, now: () => nowMs } as const;
      return openRevocations({ ...usual, ...options, store: { read, write: store.write } });
    };

    it('is one token, by its jti, of one issuer', async () => {
      const { add, isRevoked } = open();
      await add([{ issuer: ISSUER, jti: 'a' }]);
      expect(await isRevoked(identify('ada', { jti: 'a' }))).toBe(true);
      expect(await isRevoked(identify('ada', { jti: 'b' }))).toBe(false);
      expect(await isRevoked(identify('ada'))).toBe(false);
      expect(await isRevoked(identify('ada', { jti: 'a' }, 'https://other.example'))).toBe(false);
      // What a subject is called is no token's id.
      expect(await isRevoked(identify('a'))).toBe(false);
    });

    it('is all of a subject that was issued before a time, or does not say when', async () => {
      const { add, isRevoked } = open();
      await add([{ issuer: ISSUER, subject: 'ada', issuedBefore: 1_000 }]);
      expect(await isRevoked(identify('ada', { iat: 999 }))).toBe(true);
      expect(await isRevoked(identify('ada', { iat: 1_000 }))).toBe(false);
      expect(await isRevoked(identify('ada'))).toBe(true);
      expect(await isRevoked(identify('ada', { iat: 'yesterday' }))).toBe(true);
      expect(await isRevoked(identify('bob', { iat: 1 }))).toBe(false);
    });

    it('is not taken back by what is said later of an earlier time', async () => {
      const { add, isRevoked } = open();
      const subject = { issuer: ISSUER, subject: 'ada' };
      await add([
        { ...subject, issuedBefore: 1_000 },
        { ...subject, issuedBefore: 500 },
      ]);
      await add([{ ...subject, issuedBefore: 200 }]);
      expect(await isRevoked(identify('ada', { iat: 999 }))).toBe(true);
      await add([{ ...subject, issuedBefore: 2_000 }]);
      expect(await isRevoked(identify('ada', { iat: 1_999 }))).toBe(true);
    });

    it('is asked for once in a while, and known here at once', async () => {
      const [here, there] = [open(), open()];
      const ada = identify('ada', { jti: 'a' });
      expect(await here.isRevoked(ada)).toBe(false);
      for (let times = 0; times < 100; times++) expect(here.isRevoked(ada)).toBe(false);
      expect(reads).toBe(1);
      expect(await there.isRevoked(ada)).toBe(false);
      await here.add([{ issuer: ISSUER, jti: 'a' }]);
      expect(await here.isRevoked(ada)).toBe(true);
      expect(there.isRevoked(ada)).toBe(false);
      nowMs += 5_000;
      expect(await there.isRevoked(ada)).toBe(true);
      expect(there.isRevoked(ada)).toBe(true);
    });

    it('passes while the store is away and that opens the door, but for what is known of', async () => {
      const { add, isRevoked } = open();
      const [ada, bob] = [identify('ada', { jti: 'a' }), identify('bob')];
      await add([{ issuer: ISSUER, jti: 'a' }]);
      expect([await isRevoked(ada), await isRevoked(bob)]).toEqual([true, false]);
      isAway = true;
      nowMs += 5_000;
      expect([await isRevoked(ada), await isRevoked(bob)]).toEqual([true, false]);
      expect(await isRevoked(identify('carol'))).toBe(false);
      const before = reads;
      // Nobody waits for a store that is away more than once in a while.
      expect(isRevoked(bob)).toBe(false);
      expect(reads).toBe(before);
      isAway = false;
      nowMs += 5_000;
      expect(await isRevoked(bob)).toBe(false);
    });

    it('passes nobody while the store is away and that closes the door', async () => {
      const { isRevoked } = open({ onStoreFailure: 'closed' });
      const [ada, bob] = [identify('ada'), identify('bob')];
      expect(await isRevoked(ada)).toBe(false);
      isAway = true;
      expect(isRevoked(ada)).toBe(false);
      const refusal = { code: 'IDENTITY_PROVIDER_UNAVAILABLE', extensions: { reason: 'revocations unavailable' } };
      await expect(isRevoked(bob)).rejects.toMatchObject(refusal);
      nowMs += 5_000;
      await expect(isRevoked(ada)).rejects.toMatchObject(refusal);
      isAway = false;
      expect([await isRevoked(ada), await isRevoked(bob)]).toEqual([false, false]);
    });
  });
}

describeRevocations('in memory', async () => createMemoryStore());
describeOnRedis('revocations', (create) => {
  describeRevocations('in Redis', async (stack) => {
    const redis = stack.add('prefix', await create());
    const options = { address: { urls: [redis.url] as const }, prefix: redis.prefix, readTimeoutMs: 2_000 };
    return stack.add('store', await openRedisStore({ ...options, writeTimeoutMs: 2_000 }));
  });
});

describe('a list of revocations', () => {
  const read = (value: unknown) => readRevocations(value, new Set([ISSUER, API_KEY_ISSUER]), 1_500_500);

  it('names tokens, and subjects with a time: all that was issued until now without one', () => {
    expect(
      read([
        { issuer: ISSUER, jti: 'a' },
        { issuer: ISSUER, subject: 'ada', issuedBefore: 7 },
        { issuer: ISSUER, subject: 'bob' },
      ]),
    ).toEqual([
      { issuer: ISSUER, jti: 'a' },
      { issuer: ISSUER, subject: 'ada', issuedBefore: 7 },
      { issuer: ISSUER, subject: 'bob', issuedBefore: 1_501 },
    ]);
  });

  it.each([
    [{ issuer: ISSUER, jti: 'a' }, 'This must be a list'],
    [[null], 'Item 0: must be an object'],
    [[{ issuer: ISSUER }], 'Item 0: jti or subject is missing'],
    [[{ issuer: ISSUER, jti: '' }], 'Item 0: jti must not be empty'],
    [[{ issuer: ISSUER, jti: 7 }], 'Item 0: jti must be text'],
    [[{ issuer: ISSUER, jti: 'a', subject: 'ada' }], 'Item 0: subject cannot be there'],
    [[{ issuer: ISSUER, subject: 'ada', issuedBefore: 'now' }], 'Item 0: issuedBefore must be seconds since the epoch'],
    [[{ issuer: ISSUER, subject: 'ada', issuedBefore: 1_500_500 }], 'Item 0: issuedBefore must not be in the future'],
    [[{ issuer: API_KEY_ISSUER, jti: 'billing' }], 'Item 0: an API key is revoked by its SHA-256'],
    [[{ issuer: API_KEY_ISSUER, subject: 'billing' }], 'Item 0: an API key is revoked by its SHA-256'],
    [
      [
        { issuer: ISSUER, jti: 'a' },
        { issuer: 'idp', jti: 'b' },
      ],
      `Item 1: issuer must be one of ${ISSUER}`,
    ],
  ])('is refused with the place and the way out: %j', (value, message) => {
    expect(() => read(value)).toThrow(RevocationError);
    expect(() => read(value)).toThrow(message);
  });

  it('has at most 1,000 items', () => {
    expect(() => read(Array.from({ length: 1_001 }, () => ({ issuer: ISSUER, jti: 'a' })))).toThrow(
      'at most 1000 items',
    );
  });
});
