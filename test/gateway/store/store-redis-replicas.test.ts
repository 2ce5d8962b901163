import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { openRedisStore } from '../../../gateway/store/store-redis.ts';
import { ClosingStack } from '../../../service/run.ts';
import { haveAcknowledged } from '../../support/redis-replicas.ts';
import { type RedisServer, startRedisServer } from '../../support/redis-server.ts';
import { describeWithRedisServer } from '../../support/servers.ts';

/** For what is to succeed, however busy the machine is. In milliseconds. */
const PATIENT = 20_000;

describeWithRedisServer('a store that waits for replicas of its Redis', () => {
  let stack: ClosingStack;
  let primary: RedisServer;
  let raw: Redis;

  beforeEach(async () => {
    stack = new ClosingStack();
    primary = stack.add('primary', await startRedisServer(undefined, undefined, ['--repl-diskless-sync-delay', '0']));
    raw = new Redis(primary.url);
    stack.add('raw', { close: async () => raw.disconnect() });
  });
  afterEach(() => stack.close());

  const open = async (waitReplicas: number, writeTimeoutMs = 4_000) => {
    const address = { urls: [primary.url] as const };
    const options = { prefix: 'test:', readTimeoutMs: 5_000, writeTimeoutMs, waitReplicas };
    return stack.add('store', await openRedisStore({ address, ...options }));
  };
  const startReplica = async () => {
    const of = ['--replicaof', '127.0.0.1', new URL(primary.url).port];
    const replica = stack.add('replica', await startRedisServer(undefined, undefined, of));
    const own = new Redis(replica.url);
    stack.add('own', { close: async () => own.disconnect() });
    return { ...replica, raw: own };
  };

  it('acknowledges a purge when as many have it', async () => {
    const replicas = [await startReplica(), await startReplica()];
    await haveAcknowledged(raw, 2);
    const store = await open(2, PATIENT);
    const { sequence, isReplicated } = await store.purges.purge([1], 0);
    expect(isReplicated).toBe(true);
    for (const replica of replicas) expect(await replica.raw.get('test:{purge}:head')).toBe(String(sequence));
  });

  it('says so when one of them is paused, and when there are too few, and purges all the same', async () => {
    const replica = await startReplica();
    await haveAcknowledged(raw);
    const [one, two] = [await open(1), await open(2)];
    const patient = await open(1, PATIENT);
    expect(await patient.purges.purge([1], 0)).toMatchObject({ isReplicated: true });
    expect(await two.purges.purge([1], 0)).toMatchObject({ isReplicated: false });
    process.kill(replica.processId, 'SIGSTOP');
    const { sequence, isReplicated } = await one.purges.purge([2], 0);
    expect(isReplicated).toBe(false);
    expect(await raw.get('test:{purge}:head')).toBe(String(sequence));
    // Nothing else waits for it.
    await one.write([{ key: 'a', value: Buffer.from('1'), ttlMs: 60_000 }]);
    expect((await one.read(['a'])).head).toBe(sequence);
    process.kill(replica.processId, 'SIGCONT');
    expect(await patient.purges.purge([3], 0)).toMatchObject({ previous: sequence, isReplicated: true });
  });
});
