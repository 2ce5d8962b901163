import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openRedisStore, type RedisStoreOptions } from '../../../gateway/store/store-redis.ts';
import { ClosingStack } from '../../../service/run.ts';
import { type RedisCluster, startRedisCluster } from '../../support/redis-cluster.ts';
import { prepareSlotMove } from '../../support/redis-slot.ts';
import { describeWithRedisServer } from '../../support/servers.ts';
import { until } from '../../support/until.ts';
import { releaseLease, takeLease } from './one-lease.ts';

describeWithRedisServer('a store in a cluster whose slots move', () => {
  let stack: ClosingStack;
  let cluster: RedisCluster;
  let count = 0;

  beforeAll(async () => {
    stack = new ClosingStack();
    cluster = stack.add('cluster', await startRedisCluster());
  });
  afterAll(() => stack.close());

  const toPrefix = () => `test-${count++}:`;
  const open = async (prefix: string, options: Partial<RedisStoreOptions> = {}) => {
    const address = { urls: cluster.urls, isCluster: true };
    const patient = { readTimeoutMs: 5_000, writeTimeoutMs: 5_000 };
    const store = stack.add('store', await openRedisStore({ address, prefix, ...patient, ...options }));
    // Of all masters: what is redirected to one whose connection is still being made uses up its redirections.
    const keys = Array.from({ length: 50 }, (_, index) => `of all ${index}`);
    await until(() =>
      Promise.all([store.read(keys), store.remove(keys)]).then(
        () => true,
        () => false,
      ),
    );
    return store;
  };
  const entry = (key: string, text: string) => ({ key, value: Buffer.from(text), ttlMs: 60_000 });

  it('reads and writes values wherever they are', async () => {
    const prefix = toPrefix();
    const store = await open(prefix);
    const read = async () => (await store.read(['{slot}a', '{slot}b', '{slot}c', 'other'])).values.map(String);
    await store.write([entry('{slot}a', '1'), entry('{slot}b', '2'), entry('other', '3')]);
    const move = await prepareSlotMove(cluster, `${prefix}{slot}a`);
    await move.begin();
    expect(await read()).toEqual(['1', '2', 'undefined', '3']);
    await move.moveKeys(`${prefix}{slot}a`);
    expect(await read()).toEqual(['1', '2', 'undefined', '3']);
    await store.write([entry('{slot}a', '4'), entry('{slot}c', '5')]);
    expect(await read()).toEqual(['4', '2', '5', '3']);
    await store.remove(['{slot}a']);
    await move.moveKeys();
    await move.end();
    expect(await read()).toEqual(['undefined', '2', '5', '3']);
    const token = await takeLease(store, '{slot}d', 60_000);
    expect(await takeLease(store, '{slot}d', 60_000)).toBeUndefined();
    await releaseLease(store, '{slot}d', token ?? '');
    expect(await takeLease(store, '{slot}d', 60_000)).toEqual(expect.any(String));
  });

  it('keeps the log whole while it moves: what is half there cannot be asked, and is not begun anew', async () => {
    const prefix = toPrefix();
    const [store, other] = [await open(prefix), await open(prefix)];
    const { head } = await store.purges.table(0);
    const first = await store.purges.purge([1], head);
    const move = await prepareSlotMove(cluster, `${prefix}{purge}:head`);
    await move.begin();
    const second = await store.purges.purge([2], first.sequence);
    await move.moveKeys(`${prefix}{purge}:head`, `${prefix}{purge}:table`);
    expect((await store.read([])).head).toBe(second.sequence);
    for (const asked of [store.purges.purge([3], head), store.purges.since(head), store.purges.table(head)])
      await expect(asked).rejects.toMatchObject({ fault: 'unavailable' });
    await move.moveKeys();
    const third = await store.purges.purge([3], second.sequence);
    await move.end();
    const fourth = await other.purges.purge([4], head);
    expect([second.previous, third.previous, fourth.previous]).toEqual([
      ...[first.sequence, second.sequence, third.sequence],
    ]);
    expect(await other.purges.since(head)).toMatchObject({
      purges: [first, second, third, fourth].map(({ sequence }, index) => ({ sequence, places: [index + 1] })),
    });
  });

  it('follows the log at once, also with purges that wait for replicas', async () => {
    const prefix = toPrefix();
    const store = await open(prefix, { waitReplicas: 1, writeTimeoutMs: 4_000 });
    const first = await store.purges.purge([1], 0);
    const move = await prepareSlotMove(cluster, `${prefix}{purge}:head`);
    await move.begin();
    await move.moveKeys();
    await expect(store.purges.purge([2], 0)).rejects.toMatchObject({ fault: 'unavailable' });
    await move.end();
    expect(await store.purges.purge([2], 0)).toMatchObject({ previous: first.sequence, isReplicated: false });
  });
});
