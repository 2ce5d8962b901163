import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Apq, createApq, hashOf } from '../../../gateway/operation/apq.ts';
import { breakStore } from '../../../gateway/store/breaker.ts';
import type { Store } from '../../../gateway/store/store.ts';
import { openRedisStore } from '../../../gateway/store/store-redis.ts';
import { ClosingStack } from '../../../service/run.ts';
import { type RedisServer, startRedisServer } from '../../support/redis-server.ts';
import { describeOnRedis, describeWithRedisServer, type TestRedis } from '../../support/servers.ts';
import { until } from '../../support/until.ts';

const TEXT = 'query Known { a }';
const HASH = hashOf(TEXT);
const LIMITS = { maxBytes: 1_000_000, ttlMs: 60_000 };

describe('automatic persisted queries in memory', () => {
  it('gives a text for its hash, at once', () => {
    const apq = createApq({ ...LIMITS, store: undefined });
    expect(apq.find(HASH)).toBeUndefined();
    apq.keep(HASH, TEXT);
    expect(apq.find(HASH)).toBe(TEXT);
  });

  it('keeps no more bytes than it may: what was not used for longest goes first', () => {
    const apq = createApq({ maxBytes: 5_000, ttlMs: 60_000, store: undefined });
    const texts = ['a', 'b', 'c', 'd', 'e'].map((name) => `{ ${name} } # ${'x'.repeat(1_000)}`);
    for (const text of texts.slice(0, 3)) apq.keep(hashOf(text), text);
    apq.find(hashOf(texts[0] ?? ''));
    apq.keep(hashOf(texts[3] ?? ''), texts[3] ?? '');
    expect(texts.map((text) => apq.find(hashOf(text)) !== undefined)).toEqual([true, false, true, true, false]);
    const large = `{ a } # ${'x'.repeat(6_000)}`;
    apq.keep(hashOf(large), large);
    expect(apq.find(hashOf(large))).toBeUndefined();
  });
});

describeOnRedis('automatic persisted queries that gateways share', (create) => {
  const stack = new ClosingStack();
  let redis: TestRedis;
  let one: Apq;
  let other: Apq;
  let store: Store;
  beforeAll(async () => {
    redis = stack.add('redis', await create());
    const open = async () =>
      stack.add(
        'store',
        await openRedisStore({ address: { urls: [redis.url] }, prefix: redis.prefix, readTimeoutMs: 2_000 }),
      );
    store = await open();
    one = createApq({ ...LIMITS, store });
    other = createApq({ ...LIMITS, store: await open() });
  });
  afterAll(() => stack.close());

  it('gives what another gateway was sent, and has it in memory from then on', async () => {
    one.keep(HASH, TEXT);
    expect(await until(() => other.find(HASH))).toBe(TEXT);
    expect(other.find(HASH)).toBe(TEXT);
  });

  it('takes nothing from the store that is not the text of the hash', async () => {
    const hash = hashOf('query Wanted { a }');
    await store.write([{ key: `apq:${hash}`, value: Buffer.from('mutation Other { b }'), ttlMs: 60_000 }]);
    expect(await one.find(hash)).toBeUndefined();
  });

  it('asks the store for nothing that is no hash', () => {
    expect(one.find('../etc')).toBeUndefined();
    expect(one.find('x'.repeat(100_000))).toBeUndefined();
  });
});

describeWithRedisServer('automatic persisted queries whose Redis goes away', () => {
  let redis: RedisServer;
  let store: Store;
  beforeAll(async () => {
    redis = await startRedisServer();
    store = breakStore(await openRedisStore({ address: { urls: [redis.url] }, prefix: 'test:', readTimeoutMs: 500 }));
  });
  afterAll(() => store.close());

  it('are not found, or found in memory, and fail nobody', async () => {
    const apq = createApq({ ...LIMITS, store });
    await redis.close();
    apq.keep(HASH, TEXT);
    expect(apq.find(HASH)).toBe(TEXT);
    expect(await apq.find(hashOf('{ b }'))).toBeUndefined();
  });
});
