import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import type { Fetched, Filled } from '../../../gateway/cache/fill.ts';
import { ClosingStack } from '../../../service/run.ts';
import { describeOnRedis, type TestRedis } from '../../support/servers.ts';
import { until } from '../../support/until.ts';
import { entryOf, type OneGateway, type OneGatewayOptions, openOneGateway } from './one-gateway.ts';

describeOnRedis('filling what is not there', (create) => {
  let redis: TestRedis;
  let raw: Redis;
  let stack: ClosingStack;
  let fetches: number;
  let answer: PromiseWithResolvers<void>;

  beforeEach(async () => {
    redis = await create();
    raw = new Redis(redis.url);
    stack = new ClosingStack();
    fetches = 0;
    answer = Promise.withResolvers();
  });
  afterEach(async () => {
    await stack.close();
    await raw.quit();
    await redis.close();
  });

  /** By default whoever waits for another gateway has the time of a busy machine, and so has who is waited for. */
  const open = (fill: OneGatewayOptions['fill'] = {}) =>
    openOneGateway(stack, { url: redis.url, prefix: redis.prefix, fill: { waitMs: 10_000, leaseMs: 20_000, ...fill } });
  interface Asked {
    readonly value?: string;
    readonly isLeased?: boolean;
    readonly audience?: Fetched<string>['audience'];
    readonly key?: string;
    readonly signal?: AbortSignal;
    readonly deadline?: number;
  }
  const ask = (gateway: OneGateway, asked: Asked = {}): Promise<Filled<string>> => {
    const { value = 'value', isLeased = true, audience = 'everyone', key = 'key', signal, deadline } = asked;
    return gateway.fill({
      key: 'key',
      epoch: 0,
      isLeased,
      ...(signal === undefined ? {} : { signal }),
      ...(deadline === undefined ? {} : { deadline }),
      fetch: async (_, born) => {
        fetches++;
        await answer.promise;
        const entry = entryOf(value, born);
        return audience === 'owner' ? { value, audience, keep: { entry, key } } : { value, audience, keep: { entry } };
      },
    });
  };
  const sourcesOf = (filled: readonly Filled<string>[]) => {
    const sources: Record<string, number> = {};
    for (const { source } of filled) sources[source] = (sources[source] ?? 0) + 1;
    return sources;
  };

  it('fetches once for a thousand who ask two gateways', async () => {
    const gateways = [await open(), await open()];
    const asking = Array.from({ length: 1_000 }, (_, index) => ask(gateways[index % 2] as OneGateway));
    await until(() => fetches === 1);
    answer.resolve();
    const filled = await Promise.all(asking);
    expect(fetches).toBe(1);
    expect(sourcesOf(filled)).toEqual({ fetched: 1, joined: 499, lease: 500 });
    expect(
      new Set(filled.map((each) => (each.source === 'lease' ? each.found.entry.body.toString() : each.value))),
    ).toEqual(new Set(['value']));
  });

  it('gives what is for one to nobody else, and makes the next ones wait for nothing', async () => {
    const [here, there] = [await open(), await open()];
    const owner = ask(here, { value: "alice's", audience: 'owner', key: 'key of alice' });
    await until(() => fetches === 1);
    const waiting = [
      ask(here, { value: "bob's", audience: 'owner' }),
      ask(there, { value: "carol's", audience: 'owner' }),
    ];
    answer.resolve();
    expect(await owner).toMatchObject({ source: 'fetched', value: "alice's" });
    expect(await Promise.all(waiting)).toMatchObject([
      { source: 'fetched', value: "bob's" },
      { source: 'fetched', value: "carol's" },
    ]);
    expect((await here.levels.read(['key of alice']))[0]?.entry.body.toString()).toBe("alice's");
    // Nobody answers now; still both gateways begin two fetches at once.
    answer = Promise.withResolvers();
    await until(async () => (await raw.exists(`${redis.prefix}key:alone`)) === 1);
    const next = [here, here, there, there].map((gateway) => ask(gateway, { audience: 'owner' }));
    await until(() => fetches === 7);
    answer.resolve();
    await Promise.all(next);
  });

  it('never keeps what is for one under the key that all wait for', async () => {
    const gateway = await open();
    answer.resolve();
    await ask(gateway, { audience: 'owner' });
    await gateway.levels.flush();
    expect([gateway.levels.peek('key'), await raw.exists(`${redis.prefix}key`)]).toEqual([undefined, 0]);
  });

  it('has each fetch for itself when the one that was waited for fails', async () => {
    const gateway = await open();
    const begun = Promise.withResolvers<void>();
    const failing = gateway.fill({
      key: 'key',
      epoch: 0,
      isLeased: true,
      fetch: async () => {
        begun.resolve();
        await answer.promise;
        throw new Error('the subgraph is down');
      },
    });
    await begun.promise;
    const waiting = ask(gateway);
    answer.resolve();
    await expect(failing).rejects.toThrow('the subgraph is down');
    expect(await waiting).toMatchObject({ source: 'fetched', value: 'value' });
    await until(async () => (await raw.exists(`${redis.prefix}key:lease`)) === 0);
  });

  it('has who has less time than the one it waits for fetch for itself when that is up', async () => {
    const gateway = await open();
    const first = ask(gateway);
    await until(() => fetches === 1);
    const hasty = ask(gateway, { value: 'its own', deadline: performance.now() + 20 });
    await until(() => fetches === 2);
    answer.resolve();
    expect([(await first).source, await hasty]).toEqual([
      'fetched',
      expect.objectContaining({ source: 'fetched', value: 'its own' }),
    ]);
  });

  it('gives nobody what is not kept', async () => {
    const gateway = await open();
    const fill = () =>
      gateway.fill({
        key: 'key',
        epoch: 0,
        isLeased: false,
        fetch: async () => {
          const value = String(++fetches);
          await answer.promise;
          return { value, keep: undefined, audience: 'everyone' };
        },
      });
    const asking = [fill(), fill()];
    answer.resolve();
    expect(await Promise.all(asking)).toMatchObject([{ value: '1' }, { value: '2' }]);
  });

  it('takes over from a gateway that died', async () => {
    const gateway = await open({ leaseMs: 100 });
    await raw.set(`${redis.prefix}key:lease`, 'of the dead', 'PX', 100);
    answer.resolve();
    expect(await ask(gateway)).toMatchObject({ source: 'fetched' });
    expect(fetches).toBe(1);
  });

  it('waits for another gateway no longer than it may', async () => {
    const gateway = await open({ waitMs: 50 });
    await raw.set(`${redis.prefix}key:lease`, 'of a slow one', 'PX', 60_000);
    answer.resolve();
    expect(await ask(gateway)).toMatchObject({ source: 'fetched' });
    // Still the other's.
    expect(await raw.get(`${redis.prefix}key:lease`)).toBe('of a slow one');
  });

  it('fetches without a store', async () => {
    const gateway = await open();
    await gateway.store.close();
    answer.resolve();
    expect(sourcesOf(await Promise.all([ask(gateway), ask(gateway)]))).toEqual({ fetched: 1, joined: 1 });
  });

  it('lets each leave, and ends the fetch when all have left', async () => {
    const gateway = await open();
    const [first, second] = [new AbortController(), new AbortController()];
    const begun = Promise.withResolvers<AbortSignal | undefined>();
    const fill = (signal: AbortSignal) =>
      gateway.fill({
        key: 'key',
        epoch: 0,
        isLeased: false,
        signal,
        fetch: async (own) => {
          begun.resolve(own);
          await answer.promise;
          return { value: 'value', keep: undefined, audience: 'owner' };
        },
      });
    const asking = [fill(first.signal), fill(second.signal)];
    const signal = await begun.promise;
    first.abort();
    await expect(asking[0]).rejects.toThrow('left');
    expect(signal?.aborted).toBe(false);
    second.abort();
    await expect(asking[1]).rejects.toThrow('left');
    expect(signal?.aborted).toBe(true);
    answer.resolve();
  });
});
