import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { StoreError, type StoreFault } from '../../../gateway/store/store.ts';
import { openRedisStore, type RedisStoreOptions } from '../../../gateway/store/store-redis.ts';
import { ClosingStack } from '../../../service/run.ts';
import { type RedisServer, startRedisServer } from '../../support/redis-server.ts';
import { describeWithRedisServer } from '../../support/servers.ts';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';
import { until } from '../../support/until.ts';
import { releaseLease, takeLease } from './one-lease.ts';

/** Far more than a machine takes for anything here, and far less than a test's time. */
const BOUND_MS = 3_000;
/** For what is to fail by its deadline. */
const HASTY = { readTimeoutMs: 200, writeTimeoutMs: 400 };

describeWithRedisServer('a store whose Redis is in trouble', () => {
  let stack: ClosingStack;
  let server: RedisServer;
  let proxy: TcpProxy;
  let port: number;

  beforeEach(async () => {
    stack = new ClosingStack();
    server = await startRedisServer();
    port = Number(new URL(server.url).port);
    proxy = stack.add('proxy', await startTcpProxy(port));
  });
  afterEach(async () => {
    process.kill(server.processId, 'SIGCONT');
    await stack.close();
    await server.close();
  });

  const open = async (options: Partial<RedisStoreOptions> = {}) =>
    stack.add(
      'store',
      await openRedisStore({
        address: { urls: [server.url] },
        prefix: 'test:',
        readTimeoutMs: 5_000,
        writeTimeoutMs: 5_000,
        ...options,
      }),
    );
  const openRaw = () => {
    const redis = new Redis(server.url);
    stack.add('raw', { close: () => redis.disconnect() });
    return redis;
  };
  const throughProxy = () => ({ address: { urls: [`redis://127.0.0.1:${proxy.port}`] as const } });
  const entry = (key: string, value: string | Buffer = 'value') => ({ key, value: Buffer.from(value), ttlMs: 60_000 });

  /** Every call fails in that way, and soon. */
  async function expectFaults(store: Awaited<ReturnType<typeof open>>, faults: readonly StoreFault[]): Promise<void> {
    const begun = performance.now();
    const calls = [
      store.read(['a']),
      store.write([entry('a')]),
      store.remove(['a']),
      takeLease(store, 'b', 1_000),
      releaseLease(store, 'b', 'token'),
      store.purges.purge([1], 0),
      store.purges.since(0),
      store.purges.table(0),
    ];
    const results = await Promise.allSettled(calls);
    expect(performance.now() - begun).toBeLessThan(BOUND_MS);
    for (const result of results) {
      const reason: unknown = result.status === 'rejected' ? result.reason : 'it did not fail';
      expect(reason).toBeInstanceOf(StoreError);
      expect(faults).toContain((reason as StoreError).fault);
    }
  }
  /** Reads and writes go over connections of their own, and each comes back when it can. */
  const comesBack = (store: Awaited<ReturnType<typeof open>>) =>
    until(() =>
      Promise.all([store.write([entry('back')]), store.read(['back'])]).then(
        () => true,
        () => false,
      ),
    );

  it('opens without it, fails at once, and is there when it is', async () => {
    await server.close();
    const store = await open(HASTY);
    await expectFaults(store, ['unavailable']);
    server = await startRedisServer(port);
    await comesBack(store);
    expect((await (await open()).read(['back'])).values[0]?.toString()).toBe('value');
  });

  it('fails while it is stopped, and begins its log anew, above all that was, when it has lost its data', async () => {
    const [store, patient] = [await open(HASTY), await open()];
    const { sequence } = await patient.purges.purge([1], 0);
    await patient.write([entry('a')]);
    await server.close();
    await expectFaults(store, ['unavailable', 'timeout']);
    server = await startRedisServer(port);
    for (const each of [store, patient]) await comesBack(each);
    expect(await patient.read(['a'])).toEqual({ values: [undefined], head: undefined });
    expect(await patient.purges.since(sequence)).toBe('gap');
    const { head, floor } = await patient.purges.table(sequence);
    expect(floor).toBeGreaterThan(sequence);
    expect(head).toBe(floor);
  });

  it('fails in time while it is paused, and comes back', async () => {
    const store = await open(HASTY);
    await comesBack(store);
    process.kill(server.processId, 'SIGSTOP');
    await expectFaults(store, ['timeout']);
    // A connection that is silent for too long is given up: then nothing is sent any more.
    await until(() =>
      store.read(['a']).then(
        () => false,
        (error: StoreError) => error.fault === 'unavailable',
      ),
    );
    await expectFaults(store, ['timeout', 'unavailable']);
    process.kill(server.processId, 'SIGCONT');
    await comesBack(store);
  });

  it('lets a lease that nobody heard of run out', async () => {
    const store = await open(HASTY);
    process.kill(server.processId, 'SIGSTOP');
    await expect(takeLease(store, 'b', 300)).rejects.toThrow(StoreError);
    process.kill(server.processId, 'SIGCONT');
    await until(() => takeLease(store, 'b', 300).catch(() => undefined));
  });

  it('is refused writes and purges while it is out of memory, whole or not at all, and reads on', async () => {
    const store = await open();
    const raw = openRaw();
    const { head } = await store.purges.table(0);
    await store.purges.purge([1], head);
    await store.write([entry('a')]);
    await raw.config('SET', 'maxmemory-policy', 'noeviction');
    await raw.config('SET', 'maxmemory', '1');
    const before = await store.purges.table(0);
    for (const refused of [store.write([entry('c')]), takeLease(store, 'd', 1_000), store.purges.purge([2], head)])
      await expect(refused).rejects.toMatchObject({ fault: 'refused' });
    expect(await store.purges.table(0)).toEqual(before);
    expect((await store.read(['a'])).values[0]?.toString()).toBe('value');
    await store.remove(['a']);
    await raw.config('SET', 'maxmemory', '0');
    expect((await store.purges.purge([2], before.head)).previous).toBe(before.head);
  });

  it.each([
    ['head', 'rpush'],
    ['floor', 'rpush'],
    ['table', 'rpush'],
    ['head', 'set'],
    ['floor', 'set'],
    ['table', 'set'],
    ['head', 'del'],
    ['floor', 'del'],
    ['table', 'del'],
  ] as const)('begins its log anew when %s holds garbage (%s)', async (name, command) => {
    const store = await open();
    const raw = openRaw();
    const { sequence } = await store.purges.purge([1], 0);
    await raw.del(`test:{purge}:${name}`);
    if (command === 'rpush') await raw.rpush(`test:{purge}:${name}`, 'x');
    if (command === 'set') await raw.set(`test:{purge}:${name}`, '1e99');
    const { head } = await store.read([]);
    expect(head).toBe(name === 'head' ? undefined : sequence);
    expect(await store.purges.since(sequence)).toBe('gap');
    const begun = await store.purges.table(sequence);
    expect(begun.floor).toBeGreaterThan(sequence);
    expect((await store.purges.purge([1], begun.head)).sequence).toBeGreaterThan(begun.floor);
  });

  it.each(['rpush', 'set', 'xadd', 'del'] as const)('purges on when its stream holds garbage (%s)', async (command) => {
    const store = await open();
    const raw = openRaw();
    const { sequence } = await store.purges.purge([1], 0);
    await raw.del('test:{purge}:log');
    if (command === 'rpush') await raw.rpush('test:{purge}:log', 'x');
    if (command === 'set') await raw.set('test:{purge}:log', 'x');
    if (command === 'xadd') await raw.xadd('test:{purge}:log', '9999999999999999-7', 'a', 'b');
    const purged = await store.purges.purge([2], sequence);
    expect(purged.previous).toBe(sequence);
    expect(await store.purges.since(sequence)).toMatchObject({ purges: [{ sequence: purged.sequence, places: [2] }] });
    await raw.xadd('test:{purge}:log', `${purged.sequence + 5}-0`, 'previous', 'x', 'places', 'y');
    await raw.set('test:{purge}:head', String(purged.sequence + 5));
    expect(await store.purges.since(purged.sequence)).toBe('gap');
  });

  it('sees that a failover lost a purge, also when the log has grown past it since', async () => {
    const store = await open();
    const raw = openRaw();
    const { sequence: kept } = await store.purges.purge([1], 0);
    const names = ['head', 'floor', 'table', 'log'].map((name) => `test:{purge}:${name}`);
    const saved = await Promise.all(names.map((name) => raw.dumpBuffer(name)));
    const { sequence: lost } = await store.purges.purge([2], kept);
    for (const [index, name] of names.entries()) await raw.restore(name, 0, saved[index] ?? '', 'REPLACE');
    const { sequence: later } = await store.purges.purge([3], kept);
    expect(later).toBeGreaterThan(lost);
    expect(await store.purges.since(lost)).toBe('gap');
    expect((await store.purges.table(lost)).floor).toBeGreaterThan(later);
  });

  it('takes what is no value for none, and writes over it', async () => {
    const store = await open();
    await openRaw().rpush('test:a', 'x');
    expect((await store.read(['a'])).values).toEqual([undefined]);
    await store.write([entry('a')]);
    expect((await store.read(['a'])).values[0]?.toString()).toBe('value');
  });

  it('fails when a reply is cut in the middle, and reads it whole afterwards', async () => {
    const store = await open(throughProxy());
    const value = Buffer.alloc(500_000, 'v');
    await store.write([entry('a', value)]);
    let cuts = 0;
    proxy.onReply = (chunk, cut) => {
      if (chunk.length < 1_000 || cuts > 0) return chunk;
      cuts++;
      cut();
      return chunk.subarray(0, 1_000);
    };
    await expect(store.read(['a'])).rejects.toThrow(StoreError);
    const read = await until(() => store.read(['a']).catch(() => undefined));
    expect(read.values[0]?.equals(value)).toBe(true);
    expect(cuts).toBe(1);
  });

  it('fails when what comes is not the protocol of Redis, and comes back', async () => {
    const store = await open({ ...throughProxy(), ...HASTY });
    await comesBack(store);
    proxy.onReply = () => Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n');
    await expectFaults(store, ['unavailable', 'timeout', 'refused']);
    proxy.onReply = (chunk) => chunk;
    await comesBack(store);
  });

  it('fails when it answers with errors, and goes on when it does not', async () => {
    const store = await open(throughProxy());
    for (const [error, fault] of [
      ['LOADING Redis is loading the dataset in memory', 'unavailable'],
      ['CLUSTERDOWN The cluster is down', 'unavailable'],
      ['MOVED 1 127.0.0.1:1', 'unavailable'],
      ['ERR something else', 'refused'],
    ] as const) {
      proxy.onReply = () => Buffer.from(`-${error}\r\n`);
      await expect(store.read(['a'])).rejects.toMatchObject({ fault });
      proxy.onReply = (chunk) => chunk;
      await comesBack(store);
    }
    proxy.onReply = () => Buffer.from(`-READONLY You can't write against a read only replica.\r\n`);
    await expect(store.write([entry('a')])).rejects.toMatchObject({ fault: 'unavailable' });
    proxy.onReply = (chunk) => chunk;
    await comesBack(store);
  });

  it('hears of purges again after its connection was cut', async () => {
    const store = await open();
    const listening = await open(throughProxy());
    let woken = 0;
    listening.purges.onPurge(() => woken++);
    const purgeUntilWoken = async () => {
      const before = woken;
      await until(async () => {
        await store.purges.purge([1], 0);
        return woken > before;
      });
    };
    await purgeUntilWoken();
    proxy.isCut = true;
    proxy.cutAll();
    await until(() =>
      listening.read([]).then(
        () => false,
        () => true,
      ),
    );
    proxy.isCut = false;
    await purgeUntilWoken();
  });
});
