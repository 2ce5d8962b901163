import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { breakQuotas } from '../../../gateway/store/breaker.ts';
import type { Quotas } from '../../../gateway/store/quotas.ts';
import { createMemoryQuotas } from '../../../gateway/store/quotas-memory.ts';
import { openRedisQuotas } from '../../../gateway/store/quotas-redis.ts';
import { createRandom } from '../../differential/random.ts';
import { type RedisCluster, startRedisCluster } from '../../support/redis-cluster.ts';
import { describeOnRedis, describeWithRedisServer, type TestRedis } from '../../support/servers.ts';
import { until } from '../../support/until.ts';
import { charge, describeQuotas, type QuotasSite } from './quotas-contract.ts';

/** A deadline that a busy machine keeps. */
const PATIENT = { timeoutMs: 5_000 };

function siteOf(open: () => Promise<Quotas>, close: () => Promise<void>): QuotasSite {
  const opened: Quotas[] = [];
  return {
    open: async () => {
      const quotas = await open();
      opened.push(quotas);
      return quotas;
    },
    close: async () => {
      await Promise.all(opened.map((quotas) => quotas.close()));
      await close();
    },
  };
}

describeQuotas('in memory', async () => {
  const quotas = createMemoryQuotas();
  return { open: async () => quotas, close: () => quotas.close() };
});

describe('quotas in memory', () => {
  const WINDOW_MS = 1_000;
  const LIMIT = 50;

  it.each([1, 2, 3, 4, 5])('are exact to a hundredth of the window (seed %i)', async (seed) => {
    const random = createRandom(seed);
    let now = 12_345;
    const quotas = createMemoryQuotas({ now: () => now });
    const spent: { readonly at: number; readonly amount: number }[] = [];
    const spentWithin = (ms: number) =>
      spent.filter(({ at }) => at > now - ms).reduce((sum, { amount }) => sum + amount, 0);
    let refused = 0;
    for (let count = 0; count < 3_000; count++) {
      now += random.chance(0.05) ? random.below(300) : random.below(20);
      const amount = 1 + random.below(4);
      const { isGranted } = await quotas.charge('ada', [charge({ limit: LIMIT, windowMs: WINDOW_MS, amount })]);
      if (isGranted) {
        spent.push({ at: now, amount });
        expect(spentWithin(WINDOW_MS)).toBeLessThanOrEqual(LIMIT);
      } else {
        refused++;
        expect(spentWithin(1.01 * WINDOW_MS) + amount).toBeGreaterThan(LIMIT);
      }
    }
    expect(refused).toBeGreaterThan(100);
  });

  it('keep within their bytes under a flood of owners', async () => {
    const quotas = createMemoryQuotas({ maxBytes: 100_000 });
    await quotas.charge('first', [charge({ amount: 10 })]);
    expect((await quotas.charge('first', [charge()])).isGranted).toBe(false);
    for (let owner = 0; owner < 1_000; owner++) await quotas.charge(`owner ${owner}`, [charge()]);
    expect((await quotas.charge('first', [charge()])).isGranted).toBe(true);
  });
});

describeOnRedis('one server', (create) => {
  const createSite = async (wrap: (quotas: Quotas) => Quotas) => {
    const { url, prefix, close } = await create();
    return siteOf(async () => wrap(await openRedisQuotas({ address: { urls: [url] }, prefix, ...PATIENT })), close);
  };
  describeQuotas('in Redis', () => createSite((quotas) => quotas));
  describeQuotas('in Redis, with a breaker', () => createSite(breakQuotas));

  describe('quotas in Redis', () => {
    let redis: TestRedis;
    let raw: Redis;
    let quotas: Quotas;

    beforeAll(async () => {
      redis = await create();
      raw = new Redis(redis.url);
      quotas = await openRedisQuotas({ address: { urls: [redis.url] }, prefix: redis.prefix, ...PATIENT });
    });
    afterAll(async () => {
      await quotas.close();
      await raw.quit();
      await redis.close();
    });

    const keys = () => raw.keys(`${redis.prefix}*`);

    it('have a TTL each, of little more than the window, and bounded bytes', async () => {
      const windowMs = 1_000;
      const busy = charge({ windowMs, limit: 1e9 });
      // Again when the window has passed before one could look: the machine is busy, too.
      const { ttlMs, bytes } = await until(async () => {
        const end = performance.now() + 1.2 * windowMs;
        while (performance.now() < end) await quotas.charge('busy', [busy]);
        const { states } = await quotas.charge('busy', [busy]);
        await quotas.correct([{ owner: 'busy', key: 'requests', windowMs, tick: states[0]?.tick ?? 0, delta: -1 }]);
        const [key, ...others] = await keys();
        expect(others).toEqual([]);
        if (key === undefined) return undefined;
        const [[, ttlMs] = [], [, bytes] = []] = (await raw.multi().pttl(key).strlen(key).exec()) ?? [];
        await raw.del(key);
        return Number(bytes) > 0 && { ttlMs, bytes };
      });
      expect(ttlMs).toBeGreaterThan(0);
      expect(ttlMs).toBeLessThanOrEqual(1.02 * windowMs);
      expect(bytes).toBeLessThanOrEqual(8 + 101 * 16);
    });

    it.each([
      ['text', (key: string) => raw.set(key, 'garbage')],
      ['text as long as ours', (key: string) => raw.set(key, 'four and twenty letters!')],
      ['digits as long as ours', (key: string) => raw.set(key, '1'.repeat(24))],
      ['not a number', (key: string) => raw.set(key, Buffer.alloc(24, 0xff))],
      ['a list', (key: string) => raw.del(key).then(() => raw.rpush(key, 'x'))],
      ['too much', (key: string) => raw.set(key, Buffer.alloc(8 + 16 * 200))],
    ])('begin anew over %s', async (_, spoil) => {
      const spend = () => quotas.charge('spoilt', [charge({ amount: 3 })]);
      await spend();
      const [key = ''] = (await keys()).filter((each) => each.includes(`:${charge().windowMs}:`));
      await spoil(key);
      expect((await spend()).states[0]?.left).toBe(7);
      expect(await raw.pttl(key)).toBeGreaterThan(0);
      await raw.del(key);
    });

    it('have short keys that tell nothing of a client', async () => {
      await quotas.charge('somebody'.repeat(1_000), [
        charge({ key: 'rule' }),
        charge({ key: `rule\n8000:${'secretly'.repeat(1_000)}` }),
      ]);
      const found = (await keys()).map((key) => key.slice(redis.prefix.length)).sort((a, b) => a.length - b.length);
      expect(found).toEqual([
        expect.stringMatching(/^quota:\{[\w-]{22}\}:3600000:rule$/),
        expect.stringMatching(/^quota:\{[\w-]{22}\}:3600000:[\w-]{22}$/),
      ]);
      await raw.del(...(await keys()));
    });

    it('count on when the clock of the server goes back a little, and begin anew when it does by more than a window', async () => {
      const spend = () => quotas.charge('back', [charge()]);
      const { states } = await spend();
      const tick = states[0]?.tick ?? 0;
      const [key = ''] = (await keys()).filter((each) => each.includes(`:${charge().windowMs}:`));
      const spentAt = (later: number) => {
        const value = Buffer.alloc(24);
        for (const [place, number] of [5, tick + later, 5].entries()) value.writeDoubleLE(number, 8 * place);
        return raw.set(key, value);
      };
      await spentAt(50);
      expect((await spend()).states[0]).toMatchObject({ left: 4, tick: tick + 50 });
      await spentAt(150);
      expect((await spend()).states[0]).toMatchObject({ left: 9, tick });
      await raw.del(key);
    });

    it('go on when the server has forgotten the script', async () => {
      await quotas.charge('forgotten', [charge()]);
      await raw.script('FLUSH');
      expect((await quotas.charge('forgotten', [charge()])).states[0]?.left).toBe(8);
    });
  });
});

describeWithRedisServer('a cluster', () => {
  let cluster: RedisCluster;
  let count = 0;

  beforeAll(async () => {
    cluster = await startRedisCluster();
  });
  afterAll(() => cluster.close());

  describeQuotas('in a cluster', async () => {
    const options = { address: { urls: cluster.urls, isCluster: true }, prefix: `test-${count++}:`, ...PATIENT };
    return siteOf(
      () => openRedisQuotas(options),
      async () => {},
    );
  });

  it('has the quotas of many owners on all of its nodes, those of one on one', async () => {
    const address = { urls: cluster.urls, isCluster: true };
    const quotas = await openRedisQuotas({ address, prefix: 'spread:', ...PATIENT });
    for (let owner = 0; owner < 50; owner++)
      expect((await quotas.charge(String(owner), [charge(), charge({ key: 'other' })])).isGranted).toBe(true);
    await quotas.close();
    for (const url of cluster.urls) {
      const node = new Redis(url);
      const found = await node.keys('spread:*');
      const owners = new Set(found.map((key) => /\{.*\}/.exec(key)?.[0]));
      expect(owners.size).toBeGreaterThan(0);
      expect(found.length).toBe(2 * owners.size);
      await node.quit();
    }
  });
});
