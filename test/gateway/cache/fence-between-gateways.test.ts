import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { ClosingStack } from '../../../service/run.ts';
import { describeOnRedis, type TestRedis } from '../../support/servers.ts';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';
import { until } from '../../support/until.ts';
import { entryOf, type OneGateway, openOneGateway } from './one-gateway.ts';

describeOnRedis('two gateways on one Redis', (create) => {
  let redis: TestRedis;
  let proxy: TcpProxy;
  let stack: ClosingStack;
  let now: number;

  beforeEach(async () => {
    redis = await create();
    stack = new ClosingStack();
    proxy = stack.add('proxy', await startTcpProxy(Number(new URL(redis.url).port || 6379)));
    now = 0;
  });
  afterEach(async () => {
    await stack.close();
    await redis.close();
  });

  const open = (purges: object) =>
    openOneGateway(stack, { url: `redis://127.0.0.1:${proxy.port}`, prefix: redis.prefix, purges });
  const openPurging = () => openOneGateway(stack, { url: redis.url, prefix: redis.prefix });
  const put = ({ purges, levels }: OneGateway) => levels.keepNow('key', entryOf('old', purges.born()));
  const has = ({ levels }: OneGateway) => levels.peek('key') !== undefined;

  it('the other knows of a purge as soon as it is told', async () => {
    const told = await open({ isListening: true });
    const purging = await openPurging();
    // Its subscription may not be there yet when it opens.
    await until(async () => {
      const { born } = told.purges;
      const before = born();
      await purging.purges.purge(['to see whether it listens']);
      return until(() => born() > before, 200).catch(() => false);
    });
    await put(told);
    expect(has(told)).toBe(true);
    await purging.purges.purge(['product']);
    // It has no heartbeat, and reads nothing.
    await until(() => !has(told));
  });

  it('the other knows of it by its heartbeat, when it is told nothing', async () => {
    const beating = await open({ maxStaleMs: 200, heartbeatMs: 20 });
    const purging = await openPurging();
    await put(beating);
    await until(() => has(beating));
    await purging.purges.purge(['product']);
    await until(() => !has(beating));
    // And it goes on answering alone: it is confirmed, and void for the purge.
    await until(() => beating.purges.isConfirmed());
    expect(beating.purges.born()).toBe(purging.purges.born());
  });

  it('the memory of the other answers alone for no longer than it may, when its connection is cut', async () => {
    const cut = await open({ maxStaleMs: 1_000, now: () => now });
    const purging = await openPurging();
    await put(cut);
    proxy.isCut = true;
    proxy.cutAll();
    await until(() =>
      cut.store.read([]).then(
        () => false,
        () => true,
      ),
    );
    await purging.purges.purge(['product']);
    now = 999;
    expect(has(cut)).toBe(true);
    now = 1_000;
    expect(has(cut)).toBe(false);
    expect(await cut.levels.read(['key'])).toEqual([undefined]);
    proxy.isCut = false;
    await until(() =>
      cut.store.read([]).then(
        () => true,
        () => false,
      ),
    );
    expect(await cut.levels.read(['key'])).toEqual([undefined]);
    expect(cut.purges.isConfirmed()).toBe(true);
    expect(cut.purges.born()).toBe(purging.purges.born());
  });

  it('is confirmed by any read, from when it was sent', async () => {
    const { levels, purges } = await open({ maxStaleMs: 1_000, now: () => now });
    now = 5_000;
    expect(purges.isConfirmed()).toBe(false);
    const reading = levels.read(['none']);
    now = 5_500;
    await reading;
    now = 5_999;
    expect(purges.isConfirmed()).toBe(true);
    now = 6_000;
    expect(purges.isConfirmed()).toBe(false);
  });

  it('reads only the head for what is in memory, and answers by it', async () => {
    const gateway = await open({ maxStaleMs: 0 });
    await put(gateway);
    expect(has(gateway)).toBe(false);
    expect((await gateway.levels.read(['key']))[0]?.level).toBe('l1');
    const purging = await openPurging();
    await purging.purges.purge(['product']);
    expect(await gateway.levels.read(['key'])).toEqual([undefined]);
  });
});
