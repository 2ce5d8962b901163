import { randomUUID } from 'node:crypto';
import { RELEASE, TAKE } from './lease-scripts.ts';
import { createRedisPurgeLog, readHead, toHeadKey } from './purge-log-redis.ts';
import type { RedisAddress } from './redis-address.ts';
import { attempted, openRedisClient, openSubscriber } from './redis-client.ts';
import { toRedisOptions } from './redis-options.ts';
import type { Store, StoreRead, StoreWrite } from './store.ts';
import type { StoreCall } from './store-events.ts';
import { timed } from './timed.ts';

export interface RedisStoreOptions {
  readonly address: RedisAddress;
  /** Put before every key; without braces, which decide the slot of a key in a cluster. */
  readonly prefix: string;
  /** How long what a request waits for may take (reads, leases), in milliseconds; 50 by default. */
  readonly readTimeoutMs?: number;
  /** How long everything else may take, in milliseconds; 500 by default. */
  readonly writeTimeoutMs?: number;
  /** How many replicas are to have a purge before it is acknowledged; 0, the default, for none. */
  readonly waitReplicas?: number;
}

/**
 * A store in Redis (6.2 or newer), one server or a cluster. Waits until it has tried to connect, and is there without it too: then
 * everything fails at once until Redis answers.
 *
 * Two connections, so that no read stands behind a batch of writes; one more that listens, when anybody wants to hear of purges;
 * and one for purges that wait for replicas, because WAIT keeps all that follows it waiting.
 *
 * A server that is paused gets what was sent to it when it goes on, also from connections that were given up long since. None
 * of that does harm: values say themselves what they are worth, leases run out, and a purge that comes late or twice
 * voids more than it had to.
 *
 * @throws {TypeError} for an address or a prefix that is none
 */
export async function openRedisStore(options: RedisStoreOptions): Promise<Store> {
  const { address, prefix, readTimeoutMs = 50, writeTimeoutMs = 500, waitReplicas = 0 } = options;
  if (/[{}]/.test(prefix)) throw new TypeError(`the prefix of a store has no braces: ${prefix}`);
  const clientOptions = toRedisOptions(address, 2 * Math.max(readTimeoutMs, writeTimeoutMs));
  const quick = openRedisClient(clientOptions, 'cache', 'tributary-reads');
  const slow = openRedisClient(clientOptions, 'cache', 'tributary-writes');
  const purging = waitReplicas > 0 ? openRedisClient(clientOptions, 'cache', 'tributary-waits') : slow;
  const clients = new Set([quick, slow, purging]);
  const headKey = toHeadKey(prefix);
  const { cluster } = clientOptions;

  const run = <T>(call: StoreCall, send: () => Promise<T>) =>
    timed(call, QUICK.has(call) ? readTimeoutMs : writeTimeoutMs, send);

  const purges = createRedisPurgeLog({
    prefix,
    quick,
    slow: purging,
    openSubscriber: () => openSubscriber(clientOptions),
    run,
    waitReplicas,
    waitTimeoutMs: Math.max(1, Math.floor(writeTimeoutMs / 2)),
  });

  /** Of a cluster, each key from its node: they share no slot, and what is no value there is an error instead of nothing. */
  const readEach = (keys: readonly string[]) =>
    Promise.all(
      keys.map((key) =>
        quick.getBuffer(key).catch((error: Error) => {
          if (error.message.startsWith('WRONGTYPE')) return null;
          throw error;
        }),
      ),
    );

  async function read(keys: readonly string[]): Promise<StoreRead> {
    const all = [headKey, ...keys.map((key) => prefix + key)];
    const [head, ...values] = await (cluster === undefined ? quick.mgetBuffer(all) : readEach(all));
    return { head: readHead(head), values: values.map((value) => value ?? undefined) };
  }

  async function write(writes: readonly StoreWrite[]): Promise<void> {
    const due = writes.filter(({ ttlMs }) => ttlMs >= 1);
    if (due.length === 0) return;
    if (cluster !== undefined) {
      await Promise.all(due.map(({ key, value, ttlMs }) => slow.set(prefix + key, value, 'PX', Math.floor(ttlMs))));
      return;
    }
    const pipeline = slow.pipeline();
    for (const { key, value, ttlMs } of due) pipeline.set(prefix + key, value, 'PX', Math.floor(ttlMs));
    const replies = await pipeline.exec();
    const failure = replies?.find(([error]) => error !== null)?.[0];
    if (failure) throw failure;
  }

  /** Runs a script on keys with arguments for each: on all in one, or of a cluster on each. */
  async function evalEach(
    script: string,
    args: readonly (readonly [key: string, ...each: (string | number)[]])[],
  ): Promise<unknown[]> {
    const run = (some: typeof args) =>
      quick.call(
        'eval',
        script,
        some.length,
        ...some.map(([key]) => prefix + key),
        ...some.flatMap(([, ...each]) => each),
      );
    if (cluster === undefined) return (await run(args)) as unknown[];
    return (await Promise.all(args.map((each) => run([each])))).flat();
  }

  await Promise.all([...clients].map(attempted));
  return {
    isShared: true,
    purges,
    read: (keys) => run('read', () => read(keys)),
    write: (writes) => run('write', () => write(writes)),
    remove: (keys) =>
      run('remove', async () => {
        if (keys.length === 0) return;
        const all = keys.map((key) => prefix + key);
        if (cluster === undefined) await slow.unlink(...all);
        else await Promise.all(all.map((key) => slow.unlink(key)));
      }),
    lease: (leases) =>
      run('lease', async () => {
        const tokens = leases.map(() => randomUUID());
        const taken = await evalEach(
          TAKE,
          leases.map(({ key, ttlMs }, index) => [key, tokens[index] ?? '', Math.ceil(ttlMs)]),
        );
        return tokens.map((token, index) => (taken[index] === 1 ? token : undefined));
      }),
    release: (releases) =>
      run('release', async () => {
        await evalEach(
          RELEASE,
          releases.map(({ key, token }) => [key, token]),
        );
      }),
    close: async () => {
      purges.close();
      for (const client of clients) client.disconnect();
    },
  };
}

/** What somebody waits for who could have gone on without. */
const QUICK: ReadonlySet<StoreCall> = new Set(['read', 'lease', 'release', 'since']);
