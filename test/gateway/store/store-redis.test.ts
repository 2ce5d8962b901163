import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { batchCalls } from '../../../gateway/store/batched-calls.ts';
import { breakStore } from '../../../gateway/store/breaker.ts';
import type { Store } from '../../../gateway/store/store.ts';
import { openRedisStore } from '../../../gateway/store/store-redis.ts';
import { type RedisCluster, startRedisCluster } from '../../support/redis-cluster.ts';
import { describeOnRedis, describeWithRedisServer, type TestRedis } from '../../support/servers.ts';
import { describeStore, type StoreSite } from './store-contract.ts';

/** Deadlines that a busy machine keeps. */
const PATIENT = { readTimeoutMs: 5_000, writeTimeoutMs: 5_000 };

function siteOf(open: () => Promise<Store>, close: () => Promise<void>): StoreSite {
  const stores: Store[] = [];
  return {
    open: async () => {
      const store = await open();
      stores.push(store);
      return store;
    },
    close: async () => {
      await Promise.all(stores.map((store) => store.close()));
      await close();
    },
  };
}

async function createSite(create: () => Promise<TestRedis>, wrap: (store: Store) => Store): Promise<StoreSite> {
  const redis = await create();
  const { url, prefix } = redis;
  return siteOf(
    async () => wrap(await openRedisStore({ address: { urls: [url] }, prefix, ...PATIENT })),
    () => redis.close(),
  );
}

describeOnRedis('one server', (create) => {
  describeStore('in Redis', () => createSite(create, (store) => store));
  describeStore('in Redis, its reads batched, with a breaker', () =>
    createSite(create, (store) => batchCalls(breakStore(store))),
  );

  it('puts the prefix before every key, and gives none of the purge log a TTL', async () => {
    const redis = await create();
    const store = await openRedisStore({ address: { urls: [redis.url] }, prefix: redis.prefix, ...PATIENT });
    const raw = new Redis(redis.url);
    await store.write([{ key: 'a', value: Buffer.from('1'), ttlMs: 60_000 }]);
    await store.purges.purge([1], 0);
    const names = ['head', 'floor', 'table', 'log'].map((name) => `${redis.prefix}{purge}:${name}`);
    expect(await Promise.all(names.map((name) => raw.pttl(name)))).toEqual([-1, -1, -1, -1]);
    expect(await raw.get(`${redis.prefix}a`)).toBe('1');
    expect(await raw.pttl(`${redis.prefix}a`)).toBeGreaterThan(50_000);
    await store.close();
    await raw.quit();
    await redis.close();
  });
});

describeWithRedisServer('a cluster', () => {
  let cluster: RedisCluster;
  let count = 0;

  beforeAll(async () => {
    cluster = await startRedisCluster();
  });
  afterAll(() => cluster.close());

  describeStore('in a cluster', async () => {
    const prefix = `test-${count++}:`;
    const address = { urls: cluster.urls, isCluster: true };
    return siteOf(
      () => openRedisStore({ address, prefix, ...PATIENT }),
      async () => {},
    );
  });

  it('waits for replicas on the node that has the log, and says when there are none', async () => {
    const address = { urls: cluster.urls, isCluster: true };
    const store = await openRedisStore({
      address,
      prefix: 'waiting:',
      ...PATIENT,
      writeTimeoutMs: 4_000,
      waitReplicas: 1,
    });
    expect(await store.purges.purge([1], 0)).toMatchObject({ isReplicated: false });
    await store.close();
  });
});
