import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import type { Entry } from '../../../gateway/cache/entry.ts';
import type { Fetched, Filled } from '../../../gateway/cache/fill.ts';
import { ClosingStack } from '../../../service/run.ts';
import { describeOnRedis, type TestRedis } from '../../support/servers.ts';
import { until } from '../../support/until.ts';
import { entryOf, type OneGateway, type OneGatewayOptions, openOneGateway } from './one-gateway.ts';

interface Filling {
  readonly isLeased?: boolean;
  readonly epoch?: number;
  readonly isKept?: boolean;
  readonly tags?: readonly string[];
}

describeOnRedis('the fence: what was asked for before a purge is not given after it', (create) => {
  let redis: TestRedis;
  let raw: Redis;
  let stack: ClosingStack;

  beforeEach(async () => {
    redis = await create();
    raw = new Redis(redis.url);
    stack = new ClosingStack();
  });
  afterEach(async () => {
    await stack.close();
    await raw.quit();
    await redis.close();
  });

  const open = (options: Partial<OneGatewayOptions> = {}) =>
    openOneGateway(stack, { url: redis.url, prefix: redis.prefix, ...options });
  const bodyOf = async ({ levels }: OneGateway, key = 'key') => (await levels.read([key]))[0]?.entry.body.toString();
  const put = async ({ purges, levels }: OneGateway, body: string, content: Partial<Entry> = {}, key = 'key') => {
    await levels.keepNow(key, entryOf(body, purges.born(), content));
  };

  /** A fetch that the test ends when it wants, of a subgraph whose answer was decided when it began. */
  function startFill(
    gateway: OneGateway,
    body: string,
    { isLeased = false, epoch = 0, isKept = true, tags = ['product'] }: Filling = {},
  ) {
    const begun = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<void>();
    const filled: Promise<Filled<string>> = gateway.fill({
      key: 'key',
      ...{ epoch, isLeased, isKept },
      fetch: async (_, born): Promise<Fetched<string>> => {
        begun.resolve();
        await answer.promise;
        return { value: body, keep: { entry: entryOf(body, born, { tags }) }, audience: 'everyone' };
      },
    });
    return { filled, begun: begun.promise, answer: answer.resolve };
  }

  const resultOf = (filled: Filled<string>) =>
    filled.source === 'lease' ? filled.found.entry.body.toString() : filled.value;

  it('is not given from memory', async () => {
    const gateway = await open();
    const fill = startFill(gateway, 'old');
    await fill.begun;
    await gateway.purges.purge(['product']);
    fill.answer();
    // Who asked before the purge has what was there then.
    expect(resultOf(await fill.filled)).toBe('old');
    expect(gateway.levels.peek('key')).toBeUndefined();
    expect(await bodyOf(gateway)).toBeUndefined();
  });

  it('is given from memory when it was asked for after the purge, or has none of its tags', async () => {
    const gateway = await open();
    await gateway.purges.purge(['product']);
    await put(gateway, 'new');
    await gateway.purges.purge(['another']);
    expect(gateway.levels.peek('key')?.entry.body.toString()).toBe('new');
  });

  it('is not given from memory where it was before the purge began', async () => {
    const gateway = await open();
    await put(gateway, 'old');
    expect(gateway.levels.peek('key')?.entry.body.toString()).toBe('old');
    await gateway.purges.purge(['product']);
    expect(gateway.levels.peek('key')).toBeUndefined();
  });

  it('is not given from Redis, whoever stored it and whoever purged', async () => {
    const [filling, purging, reading] = [await open(), await open(), await open()];
    const born = filling.purges.born();
    await purging.purges.purge(['product']);
    // It is lagging: it knows nothing of the purge, and stores what it holds for good.
    await put(filling, 'old', { born });
    expect(await raw.exists(`${redis.prefix}key`)).toBe(1);
    expect(await bodyOf(reading)).toBeUndefined();
    expect(await bodyOf(purging)).toBeUndefined();
  });

  it('is not given to who joined the fetch: they have it fetched anew, together', async () => {
    const gateway = await open();
    const old = startFill(gateway, 'old');
    await old.begun;
    const joined = [startFill(gateway, 'new'), startFill(gateway, 'newer')];
    await gateway.purges.purge(['product']);
    old.answer();
    await joined[0]?.begun;
    for (const fill of joined) fill.answer();
    expect(resultOf(await old.filled)).toBe('old');
    expect((await Promise.all(joined.map(({ filled }) => filled))).map(resultOf)).toEqual(['new', 'new']);
    expect(await bodyOf(gateway)).toBe('new');
  });

  it('is not given through a lease', async () => {
    const [holding, waiting] = [await open(), await open()];
    const old = startFill(holding, 'old', { isLeased: true });
    await old.begun;
    const fill = startFill(waiting, 'new', { isLeased: true });
    await waiting.purges.purge(['product']);
    old.answer();
    await old.filled;
    // Its lease ends with a void answer: the one who waits takes it over.
    await fill.begun;
    fill.answer();
    const filled = await fill.filled;
    expect([filled.source, resultOf(filled)]).toEqual(['fetched', 'new']);
  });

  it('is given through a lease when there was no purge, and fetched once', async () => {
    const [holding, waiting] = [await open(), await open()];
    const first = startFill(holding, 'value', { isLeased: true });
    await first.begun;
    const second = startFill(waiting, 'never asked for', { isLeased: true });
    first.answer();
    expect(await second.filled).toMatchObject({ source: 'lease' });
    expect(resultOf(await second.filled)).toBe('value');
  });

  it('is given to who waits elsewhere though it would not be kept, until the next purge of anything', async () => {
    const [holding, waiting] = [await open(), await open()];
    const passing = { isLeased: true, isKept: false, tags: [] };
    const first = startFill(holding, 'value', passing);
    await first.begun;
    const second = startFill(waiting, 'never asked for', passing);
    const isAwaited = async () => (await raw.get(`${redis.prefix}key:lease`))?.endsWith('+') === true;
    await until(isAwaited);
    first.answer();
    expect(await second.filled).toMatchObject({ source: 'lease' });
    expect(await bodyOf(holding)).toBe('value');
    await waiting.purges.purge(['another']);
    for (const gateway of [waiting, await open()]) expect(await bodyOf(gateway)).toBeUndefined();
  });

  it('is fetched anew for who joined what has no tags, whatever was purged', async () => {
    const gateway = await open();
    const old = startFill(gateway, 'old', { isKept: false, tags: [] });
    await old.begun;
    const joined = [startFill(gateway, 'new'), startFill(gateway, 'newer')];
    await gateway.purges.purge(['another']);
    old.answer();
    await joined[0]?.begun;
    for (const fill of joined) fill.answer();
    expect((await Promise.all(joined.map(({ filled }) => filled))).map(resultOf)).toEqual(['new', 'new']);
  });

  it('is not given after it went from Redis to memory', async () => {
    const [filling, reading, purging] = [await open(), await open(), await open()];
    await put(filling, 'old');
    expect(await bodyOf(reading)).toBe('old');
    expect(reading.levels.peek('key')?.level).toBe('l1');
    await purging.purges.purge(['product']);
    // Not told yet: it may answer alone for as long as it was confirmed.
    expect(reading.levels.peek('key')?.entry.body.toString()).toBe('old');
    // Any read tells it.
    await bodyOf(reading, 'another');
    expect(reading.levels.peek('key')).toBeUndefined();
    expect(await bodyOf(reading)).toBeUndefined();
  });

  it('is not brought to memory by a read that was sent before the purge', async () => {
    const [filling, reading] = [await open(), await open()];
    await put(filling, 'old');
    const read = reading.levels.read(['key']);
    await reading.purges.purge(['product']);
    await read;
    expect(reading.levels.peek('key')).toBeUndefined();
    expect(await bodyOf(reading)).toBeUndefined();
  });

  it('is not given for a tag that only the answer names', async () => {
    const gateway = await open();
    const born = gateway.purges.born();
    await gateway.purges.purge(['named by the answer']);
    await put(gateway, 'old', { born, tags: ['product', 'named by the answer'] });
    expect(gateway.levels.peek('key')).toBeUndefined();
    expect(await bodyOf(await open())).toBeUndefined();
  });

  it('is not given by a gateway that lags, from Redis at once, and what it fetches then expires early only', async () => {
    const [lagging, purging] = [await open(), await open()];
    await put(lagging, 'old');
    for (let count = 0; count < 20; count++) await purging.purges.purge([`product-${count}`]);
    await purging.purges.purge(['product']);
    // Its own fetch, begun after the purge, cannot be told from one before it.
    await put(lagging, 'new');
    expect(await bodyOf(purging)).toBeUndefined();
    expect(await bodyOf(lagging, 'another')).toBeUndefined();
    expect(lagging.purges.born()).toBe(purging.purges.born());
    await put(lagging, 'new');
    expect(await bodyOf(purging)).toBe('new');
  });

  it('is not given by a gateway that lags so far that the purges cannot be told one by one', async () => {
    const [lagging, purging] = [await open(), await open()];
    await put(lagging, 'old');
    await put(lagging, 'kept', { tags: ['another'] }, 'kept');
    await purging.purges.purge(['product']);
    for (let count = 0; count < 1_100; count += 100)
      await Promise.all(Array.from({ length: 100 }, (_, each) => purging.purges.purge([`product-${count + each}`])));
    expect(await bodyOf(lagging, 'none')).toBeUndefined();
    expect(lagging.levels.peek('key')).toBeUndefined();
    expect(lagging.levels.peek('kept')?.entry.body.toString()).toBe('kept');
  });

  it.each(['head', 'floor', 'table', 'all'])('is not given after %s was lost', async (what) => {
    const [filling, purging] = [await open(), await open()];
    await put(filling, 'old');
    await purging.purges.purge(['another']);
    const names = what === 'all' ? ['head', 'floor', 'table', 'log'] : [what];
    await raw.del(...names.map((name) => `${redis.prefix}{purge}:${name}`));
    // Whoever notices first voids everything for all. With its head there, that it is lost is seen when it is needed.
    await purging.purges.purge(['yet another']);
    const reading = await open();
    expect(await bodyOf(reading)).toBeUndefined();
    // Its memory answers alone until a read tells it.
    await bodyOf(filling, 'another');
    expect(filling.levels.peek('key')).toBeUndefined();
    expect(await bodyOf(filling)).toBeUndefined();
    await put(filling, 'new');
    expect(await bodyOf(reading)).toBe('new');
  });

  it('is not given by the first read after head was lost, and each gateway agrees afterwards', async () => {
    const filling = await open();
    await put(filling, 'old');
    const gateways = [await open(), await open(), await open()];
    await raw.del(`${redis.prefix}{purge}:head`);
    expect(await Promise.all(gateways.map((gateway) => bodyOf(gateway)))).toEqual([undefined, undefined, undefined]);
    await Promise.all(gateways.map(({ purges }) => purges.catchUp()));
    expect(new Set(gateways.map(({ purges }) => purges.born())).size).toBe(1);
  });

  it('is not given when a failover lost the purge, once a gateway that saw it has read', async () => {
    const [filling, purging] = [await open(), await open()];
    await put(filling, 'old');
    await purging.purges.purge(['another']);
    const names = ['head', 'floor', 'table', 'log'].map((name) => `${redis.prefix}{purge}:${name}`);
    const saved = await Promise.all(names.map((name) => raw.dumpBuffer(name)));
    await purging.purges.purge(['product']);
    for (const [index, name] of names.entries()) await raw.restore(name, 0, saved[index] ?? '', 'REPLACE');
    for (const gateway of [purging, filling]) await bodyOf(gateway, 'another');
    expect(await bodyOf(filling)).toBeUndefined();
    expect(await bodyOf(purging)).toBeUndefined();
  });

  it('is given by nobody that joined before a mutation ended', async () => {
    const gateway = await open();
    const before = startFill(gateway, 'old', { epoch: 0 });
    await before.begun;
    const after = startFill(gateway, 'new', { epoch: 1 });
    await after.begun;
    before.answer();
    after.answer();
    expect([resultOf(await before.filled), resultOf(await after.filled)]).toEqual(['old', 'new']);
  });

  it('waits for no lease that may have begun before a mutation of its own', async () => {
    const patient = { fill: { leaseMs: 60_000, waitMs: 60_000 } };
    const [holding, mutating] = [await open(patient), await open(patient)];
    const old = startFill(holding, 'old', { isLeased: true });
    await old.begun;
    const fill = startFill(mutating, 'new', { isLeased: true, epoch: 1 });
    await fill.begun;
    fill.answer();
    expect(resultOf(await fill.filled)).toBe('new');
    old.answer();
    await old.filled;
  });

  it('leaves no lease behind', async () => {
    const gateway = await open();
    const fill = startFill(gateway, 'value', { isLeased: true });
    await fill.begun;
    expect(await raw.exists(`${redis.prefix}key:lease`)).toBe(1);
    fill.answer();
    await fill.filled;
    await until(async () => (await raw.exists(`${redis.prefix}key:lease`)) === 0);
  });
});
