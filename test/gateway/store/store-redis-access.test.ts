import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import type { QuotaState } from '../../../gateway/store/quotas.ts';
import { openRedisQuotas } from '../../../gateway/store/quotas-redis.ts';
import type { Store } from '../../../gateway/store/store.ts';
import { type StoreEvent, storeEvents } from '../../../gateway/store/store-events.ts';
import { openRedisStore, type RedisStoreOptions } from '../../../gateway/store/store-redis.ts';
import { ClosingStack } from '../../../service/run.ts';
import { startRedisCluster } from '../../support/redis-cluster.ts';
import { startRedisServer } from '../../support/redis-server.ts';
import { prepareSlotMove } from '../../support/redis-slot.ts';
import { describeWithRedisServer } from '../../support/servers.ts';
import { until } from '../../support/until.ts';
import { releaseLease, takeLease } from './one-lease.ts';
import { describeStore } from './store-contract.ts';

const PATIENT = { readTimeoutMs: 5_000, writeTimeoutMs: 5_000 };
const PASSWORD = 'of:a/tributary%';
const OF_ADMINISTRATOR = 'of the administrator';

/** What the documentation tells people to do. */
const page = readFileSync(new URL('../../../docs/caching.md', import.meta.url), 'utf8');
const [, rule = ''] = /ACL SETUSER (tributary on >PASSWORD[^`]+)/.exec(page) ?? [];
const [USER = '', ...RULES] = rule.trim().replace('PASSWORD', PASSWORD).split(/\s+/);
const FOR_REPLICAS = /`(\+\S+)` besides for `cache\.redis\.waitReplicas`/.exec(page)?.[1] ?? '';
const FOR_QUOTAS = /`(\+\S+)` for \[rate limits\]/.exec(page)?.[1] ?? '';
const FOR_CLUSTER = /for a cluster `([^`]+)`/.exec(page)?.[1]?.split(' ') ?? [];
/** What no gateway would miss: people do, who look at a server. */
const FOR_PEOPLE = ['+info', '+client|setname'];

const entry = (key: string) => ({ key, value: Buffer.from('value'), ttlMs: 60_000 });
const denied = async (raw: Redis) => (await raw.call('ACL', 'LOG')) as unknown[];

/** What fails, by the name of the call. */
function collectRefusals(stack: ClosingStack): ReadonlySet<string> {
  const refused = new Set<string>();
  const listen = (published: unknown) => {
    const event = published as StoreEvent;
    if (event.kind === 'call' && event.fault === 'refused') refused.add(event.call);
  };
  storeEvents.subscribe(listen);
  stack.add('listening', { close: async () => void storeEvents.unsubscribe(listen) });
  return refused;
}

/** Asks for everything that a store does. */
async function useAll(store: Store): Promise<void> {
  let woken = 0;
  store.purges.onPurge(() => woken++);
  await Promise.allSettled([store.read(['a']), store.write([entry('a')]), store.remove(['b']), store.purges.table(0)]);
  const token = await takeLease(store, 'c', 60_000).catch(() => undefined);
  await releaseLease(store, 'c', token ?? 'of another').catch(() => undefined);
  const purged = await store.purges.purge([1], 0).catch(() => undefined);
  await store.purges.since((purged?.sequence ?? 1) - 1).catch(() => undefined);
}

describeWithRedisServer('a store whose Redis asks who is there', () => {
  let shared: ClosingStack;
  let stack: ClosingStack;
  let url: string;
  let raw: Redis;
  let count = 0;

  beforeAll(async () => {
    shared = new ClosingStack();
    ({ url } = shared.add('redis', await startRedisServer(undefined, OF_ADMINISTRATOR)));
    raw = new Redis(url, { password: OF_ADMINISTRATOR });
    shared.add('raw', { close: async () => raw.disconnect() });
  });
  beforeEach(async () => {
    stack = new ClosingStack();
    await raw.call('ACL', 'SETUSER', USER, 'reset', ...RULES);
    await raw.call('ACL', 'LOG', 'RESET');
  });
  afterEach(() => stack.close());
  afterAll(() => shared.close());

  const open = async (options: Partial<RedisStoreOptions> = {}) =>
    stack.add(
      'store',
      await openRedisStore({
        address: { urls: [url], username: USER, password: PASSWORD },
        prefix: `tributary:cache:test-${count++}:`,
        ...PATIENT,
        ...options,
      }),
    );

  describeStore('in Redis, for a user with the rights that docs/caching.md lists', async () => {
    const prefix = `tributary:cache:test-${count++}:`;
    return { open: () => open({ prefix }), close: async () => expect(await denied(raw)).toEqual([]) };
  });

  it.each(RULES.filter((word) => /^[+~&]/.test(word) && !FOR_PEOPLE.includes(word)))(
    'says what it is refused without the right %s',
    async (right) => {
      const without = RULES.filter((word) => word !== right);
      await raw.call('ACL', 'SETUSER', USER, 'reset', ...without);
      const refused = collectRefusals(stack);
      await useAll(await open());
      await until(() => refused.size > 0);
      expect((await denied(raw)).length).toBeGreaterThan(0);
    },
  );

  it('hears of purges as soon as it may', async () => {
    await raw.call('ACL', 'SETUSER', USER, '-subscribe');
    const refused = collectRefusals(stack);
    const store = await open();
    let woken = 0;
    store.purges.onPurge(() => woken++);
    await until(() => refused.has('subscribe'));
    const before = woken;
    await store.purges.purge([1], 0);
    await raw.call('ACL', 'SETUSER', USER, '+subscribe');
    await until(async () => {
      await store.purges.purge([1], 0);
      return woken > before;
    });
  });

  it('needs one right more to wait for replicas', async () => {
    const store = await open({ waitReplicas: 1, writeTimeoutMs: 4_000 });
    expect(await store.purges.purge([1], 0)).toMatchObject({ isReplicated: false });
    expect(await denied(raw)).toHaveLength(1);
    await raw.call('ACL', 'LOG', 'RESET');
    await raw.call('ACL', 'SETUSER', USER, FOR_REPLICAS);
    expect(await store.purges.purge([1], 0)).toMatchObject({ isReplicated: false });
    expect(await denied(raw)).toEqual([]);
  });

  it('needs one right more for quotas', async () => {
    const prefix = `tributary:cache:test-${count++}:`;
    const address = { urls: [url], username: USER, password: PASSWORD } as const;
    const quotas = stack.add('quotas', await openRedisQuotas({ address, prefix, timeoutMs: 5_000 }));
    const spend = () => quotas.charge('ada', [{ key: 'requests', limit: 10, windowMs: 60_000, amount: 1, ahead: 0 }]);
    const { tick } = (await spend()).states[0] as QuotaState;
    await expect(spend()).rejects.toMatchObject({ fault: 'refused' });
    await raw.call('ACL', 'SETUSER', USER, FOR_QUOTAS);
    await raw.call('ACL', 'LOG', 'RESET');
    expect((await spend()).states[0]?.left).toBe(8);
    const correction = { owner: 'ada', key: 'requests', windowMs: 60_000, tick, delta: -1 };
    for (let time = 0; time < 2; time++) await quotas.correct([correction]);
    expect(await denied(raw)).toEqual([]);
  });

  it('takes user and password from the address, too', async () => {
    const at = url.replace('//', `//${USER}:${encodeURIComponent(PASSWORD)}@`);
    const store = await open({ address: { urls: [at] } });
    await store.write([entry('a')]);
    const administrator = await open({ address: { urls: [url], password: OF_ADMINISTRATOR } });
    await administrator.write([entry('a')]);
  });

  it.each([
    ['no password', {}, /NOAUTH.*redis\.password/],
    ['a wrong one', { username: USER, password: 'wrong' }, /WRONGPASS.*redis\.password/],
    [
      'a wrong one, for a cluster',
      { username: USER, password: 'wrong', isCluster: true },
      /WRONGPASS.*redis\.password/,
    ],
  ] as const)('says so, and keeps nobody waiting, with %s', async (_, access, message) => {
    const reasons: unknown[] = [];
    const listen = (event: unknown) => void reasons.push((event as { readonly error?: unknown }).error);
    storeEvents.subscribe(listen);
    stack.add('listening', { close: async () => void storeEvents.unsubscribe(listen) });
    const store = await open({ address: { urls: [url], ...access } });
    await expect(store.read(['a'])).rejects.toMatchObject({ fault: 'unavailable' });
    await until(() => reasons.some((reason) => message.test(String(reason))));
  });
});

describeWithRedisServer('a cluster that asks who is there', () => {
  const stack = new ClosingStack();
  afterAll(() => stack.close());

  it('is used with the rights that docs/caching.md lists, also while slots move', async () => {
    const cluster = stack.add('cluster', await startRedisCluster({ hasReplicas: true }));
    const nodes = [...cluster.masters, ...cluster.replicas];
    for (const { raw } of nodes) await raw.call('ACL', 'SETUSER', USER, ...RULES, ...FOR_CLUSTER);
    const address = { urls: cluster.urls, isCluster: true, username: USER, password: PASSWORD };
    const store = stack.add('store', await openRedisStore({ address, prefix: 'tributary:cache:', ...PATIENT }));
    const refused = collectRefusals(stack);
    await useAll(store);
    const move = await prepareSlotMove(cluster, 'tributary:cache:a');
    await move.begin();
    await move.moveKeys();
    await useAll(store);
    await move.end();
    await useAll(store);
    expect([...refused]).toEqual([]);
    expect((await Promise.all(nodes.map(({ raw }) => denied(raw)))).flat()).toEqual([]);
  });
});
