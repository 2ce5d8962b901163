import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { breakStore } from '../../../gateway/store/breaker.ts';
import type { Purge } from '../../../gateway/store/purge-log.ts';
import { type Store, StoreError } from '../../../gateway/store/store.ts';
import { type StoreEvent, storeEvents } from '../../../gateway/store/store-events.ts';
import { openRedisStore } from '../../../gateway/store/store-redis.ts';
import { ClosingStack } from '../../../service/run.ts';
import { type RedisCluster, type RedisNode, startRedisCluster } from '../../support/redis-cluster.ts';
import { findMaster } from '../../support/redis-slot.ts';
import { describeWithRedisServer } from '../../support/servers.ts';
import { until } from '../../support/until.ts';

/** Far more than a machine takes for anything here, and far less than a test's time. */
const BOUND_MS = 6_000;
/** In the slot of the purge log. */
const KEY = '{purge}a';

describeWithRedisServer('a store in a cluster that loses the master of the purge log', () => {
  const whole = new ClosingStack();
  /** One for each test. */
  let clusters: RedisCluster[];
  let stack: ClosingStack;
  let cluster: RedisCluster;
  let master: RedisNode;
  let replica: RedisNode;

  beforeAll(async () => {
    // Side by side, because each waits for two seconds before it says that it is whole.
    const starting = Array.from({ length: 3 }, () => startRedisCluster({ hasReplicas: true }));
    clusters = (await Promise.all(starting)).map((each) => whole.add('cluster', each));
  });
  beforeEach(async () => {
    stack = new ClosingStack();
    cluster = clusters.pop() as RedisCluster;
    master = await findMaster(cluster, KEY);
    replica = cluster.replicas[cluster.masters.indexOf(master)] as RedisNode;
  });
  afterEach(async () => {
    await stack.close();
    await cluster.close();
  });
  afterAll(() => whole.close());

  const open = async () => {
    const address = { urls: cluster.urls, isCluster: true };
    const store = await openRedisStore({ address, prefix: 'test:', waitReplicas: 1, writeTimeoutMs: 2_000 });
    return stack.add('store', breakStore(store, { openMs: 200, openAtMostMs: 500 }));
  };
  const entry = (key: string) => ({ key, value: Buffer.from('value'), ttlMs: 60_000 });
  const isPromoted = () => until(async () => (await replica.raw.info('replication')).includes('role:master'));

  /** Asks on and on until there is an answer: what comes before fails, and soon. */
  async function comesBack<T>(ask: () => Promise<T>): Promise<T> {
    const answer = await until(async () => {
      const begun = performance.now();
      try {
        return { value: await ask() };
      } catch (error) {
        expect(error).toBeInstanceOf(StoreError);
        return undefined;
      } finally {
        expect(performance.now() - begun).toBeLessThan(BOUND_MS);
      }
    }, 20_000);
    return answer.value;
  }

  /** One that was given up may have come as well: then there are more, of the same place. */
  async function purgesSince(store: Store, sequence: number): Promise<readonly Purge[]> {
    const since = await comesBack(() => store.purges.since(sequence));
    if (since === 'gap') throw new Error('the log was begun anew');
    return since.purges;
  }

  async function purgeUntilWoken(store: Store, listening: Store): Promise<void> {
    let woken = 0;
    listening.purges.onPurge(() => woken++);
    // Up to two times it is for nothing: when there is a connection, and when it listens.
    await until(async () => {
      await comesBack(() => store.purges.purge([1], 0));
      return woken > 2;
    });
  }

  it('fails in time, is left alone, and goes on where it was when the replica has its place', async () => {
    const [store, other] = [await open(), await open()];
    const states: string[] = [];
    const listen = (event: unknown) => {
      if ((event as StoreEvent).kind === 'breaker') states.push((event as { readonly state: string }).state);
    };
    storeEvents.subscribe(listen);
    stack.add('listening', { close: async () => void storeEvents.unsubscribe(listen) });
    await purgeUntilWoken(store, other);
    await store.write([entry(KEY)]);
    const { sequence, isReplicated } = await store.purges.purge([1], 0);
    expect(isReplicated).toBe(true);

    // Else it may have its place before anybody has failed often enough.
    process.kill(replica.processId, 'SIGSTOP');
    await master.close();
    await until(async () => {
      await expect(store.read([KEY])).rejects.toThrow(StoreError);
      return states.includes('open');
    });
    process.kill(replica.processId, 'SIGCONT');
    await isPromoted();
    const read = await comesBack(() => store.read([KEY]));
    expect({ head: read.head, values: read.values.map(String) }).toEqual({ head: sequence, values: ['value'] });
    expect(await comesBack(() => store.purges.since(sequence))).toMatchObject({ head: sequence, purges: [] });
    const next = await comesBack(() => other.purges.purge([2], sequence));
    expect(next.isReplicated).toBe(false);
    const purges = await purgesSince(store, sequence);
    expect(purges.map((purge) => purge.sequence)).toContain(next.sequence);
    for (const { places } of purges) expect(places).toEqual([2]);
    await purgeUntilWoken(store, other);
    expect(states).toEqual(expect.arrayContaining(['open', 'closed']));
  });

  it('begins its log anew, above all that was, when the replica has missed a purge', async () => {
    const store = await open();
    const kept = await store.purges.purge([1], 0);
    process.kill(replica.processId, 'SIGSTOP');
    // Else it would find the purge in its socket when it goes on.
    await master.raw.call('CLIENT', 'KILL', 'TYPE', 'replica');
    const lost = await store.purges.purge([2], kept.sequence);
    expect([kept.isReplicated, lost.isReplicated]).toEqual([true, false]);
    await master.close();
    process.kill(replica.processId, 'SIGCONT');
    await isPromoted();
    expect((await comesBack(() => store.read([]))).head).toBe(kept.sequence);
    expect(await comesBack(() => store.purges.since(lost.sequence))).toBe('gap');
    const { head, floor } = await comesBack(() => store.purges.table(lost.sequence));
    expect(floor).toBeGreaterThan(lost.sequence);
    expect(head).toBe(floor);
  });

  it('does not go back to a master that was only paused, and is a replica now', async () => {
    const store = await open();
    const { sequence } = await store.purges.purge([1], 0);
    process.kill(master.processId, 'SIGSTOP');
    await isPromoted();
    const next = await comesBack(() => store.purges.purge([2], sequence));
    process.kill(master.processId, 'SIGCONT');
    // It may answer for a moment, with what it had, until the others have told it.
    await until(async () => (await master.raw.info('replication')).includes('master_link_status:up'));
    expect((await purgesSince(store, sequence)).map((purge) => purge.sequence)).toContain(next.sequence);
    await until(async () => (await comesBack(() => store.purges.purge([3], next.sequence))).isReplicated);
  });
});
