import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import type { Filled } from '../../../gateway/cache/fill.ts';
import { ClosingStack } from '../../../service/run.ts';
import { describeOnRedis, type TestRedis } from '../../support/servers.ts';
import { until } from '../../support/until.ts';
import { entryOf, type OneGateway, openOneGateway } from './one-gateway.ts';

describeOnRedis('what would not be kept, and has no tags', (create) => {
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

  const open = () => openOneGateway(stack, { url: redis.url, prefix: redis.prefix });
  const bodyOf = async ({ levels }: OneGateway) => (await levels.read(['key']))[0]?.entry.body.toString();
  const resultOf = (filled: Filled<string>) =>
    filled.source === 'lease' ? filled.found.entry.body.toString() : filled.value;

  /** A fetch that the test ends when it wants. */
  function startFill(gateway: OneGateway, body: string, isLeased: boolean) {
    const begun = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<void>();
    const filled = gateway.fill({
      ...{ key: 'key', epoch: 0, isLeased, isKept: false },
      fetch: async (_, born) => {
        begun.resolve();
        await answer.promise;
        return { value: body, keep: { entry: entryOf(body, born, { tags: [] }) }, audience: 'everyone' };
      },
    });
    return { filled, begun: begun.promise, answer: answer.resolve };
  }

  it('is given to who waits elsewhere, and kept then until the next purge of anything', async () => {
    const [holding, waiting] = [await open(), await open()];
    const first = startFill(holding, 'value', true);
    await first.begun;
    const second = startFill(waiting, 'never asked for', true);
    await until(async () => (await raw.get(`${redis.prefix}key:lease`))?.endsWith('+') === true);
    first.answer();
    expect(await second.filled).toMatchObject({ source: 'lease' });
    expect(await bodyOf(holding)).toBe('value');
    await waiting.purges.purge(['another']);
    for (const gateway of [waiting, await open()]) expect(await bodyOf(gateway)).toBeUndefined();
  });

  it('is fetched anew, once, for those who joined it, when anything was purged meanwhile', async () => {
    const gateway = await open();
    const old = startFill(gateway, 'old', false);
    await old.begun;
    const joined = [startFill(gateway, 'new', false), startFill(gateway, 'newer', false)];
    await gateway.purges.purge(['another']);
    old.answer();
    await joined[0]?.begun;
    for (const fill of joined) fill.answer();
    expect((await Promise.all(joined.map(({ filled }) => filled))).map(resultOf)).toEqual(['new', 'new']);
  });
});
