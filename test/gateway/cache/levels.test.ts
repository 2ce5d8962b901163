import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { type CacheEvent, cacheEvents } from '../../../gateway/cache/cache-events.ts';
import { encodeEntry } from '../../../gateway/cache/entry.ts';
import { type Store, StoreError } from '../../../gateway/store/store.ts';
import { createMemoryStore } from '../../../gateway/store/store-memory.ts';
import { ClosingStack } from '../../../service/run.ts';
import { describeOnRedis, type TestRedis } from '../../support/servers.ts';
import { until } from '../../support/until.ts';
import { entryOf, type OneGatewayOptions, openGatewayOn, openOneGateway } from './one-gateway.ts';

describeOnRedis('two levels of entries', (create) => {
  let redis: TestRedis;
  let raw: Redis;
  let stack: ClosingStack;
  let now: number;
  let told: CacheEvent[];
  const listen = (event: unknown) => void told.push(event as CacheEvent);

  beforeEach(async () => {
    redis = await create();
    raw = new Redis(redis.url);
    stack = new ClosingStack();
    now = 1_000_000;
    told = [];
    cacheEvents.subscribe(listen);
  });
  afterEach(async () => {
    cacheEvents.unsubscribe(listen);
    await stack.close();
    await raw.quit();
    await redis.close();
  });

  const open = (options: Partial<OneGatewayOptions> = {}) =>
    openOneGateway(stack, { url: redis.url, prefix: redis.prefix, levels: { now: () => now }, ...options });
  const times = { madeAt: 990_000, freshUntil: 1_010_000, staleUntil: 1_020_000, errorUntil: 1_030_000 };

  it('find what another gateway stored, in memory from then on', async () => {
    const [storing, reading] = [await open(), await open()];
    storing.levels.keep('a', entryOf('value', storing.purges.born(), times));
    await storing.levels.flush();
    const [found, none] = await reading.levels.read(['a', 'none']);
    expect(found).toMatchObject({ freshness: 'fresh', ageMs: 10_000, level: 'l2' });
    expect(none).toBeUndefined();
    await raw.del(`${redis.prefix}a`);
    expect(reading.levels.peek('a')).toMatchObject({ freshness: 'fresh', level: 'l1' });
    expect(reading.levels.peek('a')?.entry.body.toString()).toBe('value');
  });

  it('give what is stale for what it is good for, and not at a peek', async () => {
    const { levels, purges } = await open();
    await levels.keepNow('a', entryOf('value', purges.born(), times));
    const freshnessAt = async (at: number) => {
      now = at;
      return (await levels.read(['a']))[0]?.freshness;
    };
    expect(await freshnessAt(1_009_999)).toBe('fresh');
    expect(await freshnessAt(1_010_000)).toBe('stale');
    expect(levels.peek('a')).toBeUndefined();
    expect(await freshnessAt(1_020_000)).toBe('for errors');
    expect(await freshnessAt(1_030_000)).toBeUndefined();
  });

  it('look for a newer one in Redis when the one in memory is stale', async () => {
    const [reading, refreshing] = [await open(), await open()];
    await reading.levels.keepNow('a', entryOf('old', reading.purges.born(), times));
    now = 1_015_000;
    const newer = { madeAt: now, freshUntil: 1_060_000, staleUntil: 1_060_000, errorUntil: 1_060_000 };
    await refreshing.levels.keepNow('a', entryOf('new', refreshing.purges.born(), newer));
    expect((await reading.levels.read(['a']))[0]).toMatchObject({ freshness: 'fresh', level: 'l2' });
    expect(reading.levels.peek('a')?.entry.body.toString()).toBe('new');
  });

  it('void what stale answers would give, too', async () => {
    const { levels, purges } = await open();
    await levels.keepNow('a', entryOf('value', purges.born(), times));
    await purges.purge(['product']);
    now = 1_015_000;
    expect(await levels.read(['a'])).toEqual([undefined]);
  });

  it('store an entry for as long as it is of use, and not one that is past', async () => {
    const { levels, purges } = await open();
    await levels.keepNow('a', entryOf('value', purges.born(), times));
    await levels.keepNow(
      'past',
      entryOf('value', purges.born(), { ...times, freshUntil: 1, staleUntil: 1, errorUntil: 1 }),
    );
    const ttl = await raw.pttl(`${redis.prefix}a`);
    expect(ttl).toBeGreaterThan(25_000);
    expect(ttl).toBeLessThanOrEqual(30_000);
    expect(await raw.exists(`${redis.prefix}past`)).toBe(0);
  });

  it('drop what does not decode, and take it for a miss', async () => {
    const { levels, purges } = await open();
    const entry = encodeEntry('a', entryOf('value', purges.born(), times));
    await raw.set(`${redis.prefix}a`, 'garbage');
    await raw.set(`${redis.prefix}b`, entry.subarray(0, -1));
    // Sound, and of another key.
    await raw.set(`${redis.prefix}c`, entry);
    await raw.rpush(`${redis.prefix}d`, 'a list');
    expect(await levels.read(['a', 'b', 'c', 'd'])).toEqual([undefined, undefined, undefined, undefined]);
    await until(async () => (await raw.exists(...['a', 'b', 'c'].map((key) => redis.prefix + key))) === 0);
    expect(told.filter((event) => event.kind === 'lookup' && event.result === 'undecodable')).toHaveLength(3);
  });

  it('forget keys in both', async () => {
    const { levels, purges } = await open();
    await levels.keepNow('a', entryOf('value', purges.born(), times));
    levels.remove(['a']);
    expect(levels.peek('a')).toBeUndefined();
    await until(async () => (await raw.exists(`${redis.prefix}a`)) === 0);
  });

  it('write in batches, the last of each key, and drop what is too much', async () => {
    const { levels, purges, store } = await open({ levels: { now: () => now, maxWaitingBytes: 100_000 } });
    const entry = (body: string) => entryOf(body, purges.born(), times);
    levels.keep('a', entry('1'));
    levels.keep('a', entry('2'));
    for (let count = 0; count < 30; count++) levels.keep(`large-${count}`, entry('x'.repeat(10_000)));
    await levels.flush();
    expect((await store.read(['a'])).values[0]?.includes('2')).toBe(true);
    expect(told.filter(({ kind }) => kind === 'dropped').length).toBeGreaterThan(15);
    levels.keep('b', entry('later'));
    await levels.flush();
    expect((await store.read(['b'])).values[0]).toBeDefined();
  });

  it('answer from memory alone for a while when the store is away, then not at all, and then again', async () => {
    let isAway = false;
    let clock = 0;
    const shared = await open();
    const reach = async () => {
      if (isAway) throw new StoreError('unavailable', 'as the test wants');
    };
    const store: Store = {
      ...shared.store,
      read: (keys) => reach().then(() => shared.store.read(keys)),
      write: (writes) => reach().then(() => shared.store.write(writes)),
    };
    const purgesOptions = { maxStaleMs: 1_000, now: () => clock };
    const { levels, purges } = await openGatewayOn(stack, store, { purges: purgesOptions, levels: { now: () => now } });
    await levels.keepNow('a', entryOf('value', purges.born(), times));
    isAway = true;
    expect((await levels.read(['a', 'b'])).map((found) => found?.level)).toEqual(['l1', undefined]);
    clock = 1_000;
    expect(await levels.read(['a', 'b'])).toEqual([undefined, undefined]);
    levels.keep('c', entryOf('value', purges.born(), times));
    await levels.flush();
    expect(told.filter(({ kind }) => kind === 'dropped')).toHaveLength(1);
    isAway = false;
    expect((await levels.read(['a', 'c'])).map((found) => found?.level)).toEqual(['l1', 'l1']);
  });

  it('are one without a store to share', async () => {
    const { levels, purges } = await openGatewayOn(stack, createMemoryStore(), { levels: { now: () => now } });
    levels.keep('a', entryOf('value', purges.born(), times));
    expect(levels.peek('a')?.level).toBe('l1');
    expect((await levels.read(['a', 'b'])).map((found) => found?.level)).toEqual(['l1', undefined]);
    await purges.purge(['product']);
    expect(await levels.read(['a'])).toEqual([undefined]);
  });
});
