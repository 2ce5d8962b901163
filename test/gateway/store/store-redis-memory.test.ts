import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import type { Store } from '../../../gateway/store/store.ts';
import { openRedisStore } from '../../../gateway/store/store-redis.ts';
import { ClosingStack } from '../../../service/run.ts';
import { startRedisServer } from '../../support/redis-server.ts';
import { describeWithRedisServer } from '../../support/servers.ts';
import { takeLease } from './one-lease.ts';

const MB = 1_000_000;
const LIMIT = 24 * MB;
/** The last place: the table has its full size of 8 MB then. */
const FAR = 2 ** 20 - 1;

describeWithRedisServer('a store whose Redis has reached maxmemory, with volatile-ttl', () => {
  let stack: ClosingStack;
  let raw: Redis;
  let store: Store;

  beforeEach(async () => {
    stack = new ClosingStack();
    const options = ['--maxmemory', String(LIMIT), '--maxmemory-policy', 'volatile-ttl'];
    const { url } = stack.add('redis', await startRedisServer(undefined, undefined, options));
    raw = new Redis(url);
    stack.add('raw', { close: async () => raw.disconnect() });
    const patient = { readTimeoutMs: 5_000, writeTimeoutMs: 5_000 };
    store = stack.add('store', await openRedisStore({ address: { urls: [url] }, prefix: 'test:', ...patient }));
  });
  afterEach(() => stack.close());

  const value = Buffer.alloc(100_000, 'v');
  const write = (name: string, ttlMs: number, count: number) =>
    store.write(Array.from({ length: count }, (_, index) => ({ key: `${name}-${index}`, value, ttlMs })));
  const countKept = async (name: string, count: number) => {
    const { values } = await store.read(Array.from({ length: count }, (_, index) => `${name}-${index}`));
    return values.filter((found) => found !== undefined).length;
  };
  const infoOf = async (section: string, name: string) =>
    Number(new RegExp(`${name}:(\\d+)`).exec(await raw.info(section))?.[1]);

  it('keeps the state of purges, and drops the entries that would go soonest', async () => {
    const { head } = await store.purges.table(0);
    const { sequence } = await store.purges.purge([1, FAR], head);
    await write('short', 60_000, 50);
    for (let round = 0; round < 10; round++) await write(`long-${round}`, 3_600_000 * (round + 1), 50);
    expect(await infoOf('stats', 'evicted_keys')).toBeGreaterThan(300);
    expect(await countKept('short', 50)).toBe(0);
    expect(await countKept('long-9', 50)).toBeGreaterThan(0);
    const { purges } = (await store.purges.since(head)) as { readonly purges: readonly unknown[] };
    expect(purges).toEqual([{ sequence, places: [1, FAR] }]);
    const next = await store.purges.purge([2], sequence);
    expect(next.previous).toBe(sequence);
    const { floor, table } = await store.purges.table(next.sequence);
    expect(floor).toBe(head);
    expect([1, 2, FAR].map((place) => table.readDoubleLE(place * 8))).toEqual([sequence, next.sequence, sequence]);
  });

  it('is refused writes and purges when nothing is left that may go, reads on, and goes on afterwards', async () => {
    const { head } = await store.purges.table(0);
    const { sequence } = await store.purges.purge([1], head);
    await write('entry', 60_000, 10);
    // Somebody else fills it, with what has no lifetime.
    let others = 0;
    const fill = (bytes: number) => raw.set(`other-${others++}`, Buffer.alloc(bytes)).catch(() => 'full');
    for (const bytes of [MB, 20_000, 500]) while ((await fill(bytes)) !== 'full') expect(others).toBeLessThan(5_000);
    expect(await countKept('entry', 10)).toBe(0);
    await expect(write('entry', 60_000, 1)).rejects.toMatchObject({ fault: 'refused' });
    await expect(takeLease(store, 'lease', 1_000)).rejects.toMatchObject({ fault: 'refused' });
    await expect(store.purges.purge([2], sequence)).rejects.toMatchObject({ fault: 'refused' });
    expect((await store.read([])).head).toBe(sequence);
    expect(await store.purges.since(head)).toMatchObject({ floor: head, purges: [{ sequence }] });
    await raw.del(Array.from({ length: others }, (_, index) => `other-${index}`));
    expect(await store.purges.purge([2], sequence)).toMatchObject({ previous: sequence });
    await write('entry', 60_000, 1);
    expect(await countKept('entry', 1)).toBe(1);
  });
});
