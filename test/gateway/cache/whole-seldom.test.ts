import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { ClosingStack } from '../../../service/run.ts';
import { shutGate } from '../../support/controlled-subgraph.ts';
import { describeOnRedis, type TestRedis } from '../../support/servers.ts';
import { until } from '../../support/until.ts';
import { openShop, openShopGateway, type Shop, type ShopGateway, shareRedis } from './shop.ts';

describeOnRedis('an operation of which nothing is asked for again', (create) => {
  let redis: TestRedis;
  let raw: Redis;
  let stack: ClosingStack;
  let shop: Shop;
  let first: ShopGateway;
  let second: ShopGateway;

  beforeAll(async () => {
    redis = await create();
    raw = new Redis(redis.url);
    stack = new ClosingStack();
    shop = await openShop(stack);
    const open = () => openShopGateway(stack, shop, shareRedis(redis.url, redis.prefix));
    [first, second] = await Promise.all([open(), open()]);
    shop.catalogue.control = shop.accounts.control = 'public, max-age=600';
    for (const gateway of [first, second]) {
      const statuses = await Promise.all(
        Array.from({ length: 320 }, async (_, index) => (await ask(gateway, `${gateway.url} ${index}`)).status),
      );
      expect(statuses.filter((status) => !status.includes('fwd=miss'))).toEqual([]);
    }
  });
  afterAll(async () => {
    await stack.close();
    await raw.quit();
    await redis.close();
  });

  const QUERY = 'query ($id: ID!) { product(id: $id) { name stock } }';

  async function ask(gateway: ShopGateway, id: string) {
    const { body, headers } = await gateway.query(QUERY, { variables: { id } });
    return {
      name: (body.data?.product as { name: string } | undefined)?.name,
      status: headers.get('cache-status') ?? '',
    };
  }

  let once = 0;
  /** One that is not kept when it is asked for once: most are not. */
  async function findPassedOver(): Promise<string> {
    for (;;) {
      const id = `once ${once++}`;
      if (!(await ask(first, id)).status.includes('stored')) return id;
    }
  }

  it('keeps what is asked for twice, and gives it until it is purged', async () => {
    const id = await findPassedOver();
    expect((await ask(first, id)).status).toContain('fwd=miss; stored');
    expect((await ask(first, id)).status).toContain('hit');
    shop.data.names.set(id, 'new');
    await first.invalidate({ kind: 'entity', type: 'Product', key: { id } });
    expect((await ask(first, id)).name).toBe('new');
  });

  it('is fetched once by each of two gateways for 200 clients at once on a cold key', async () => {
    const gate = shutGate(shop.catalogue);
    const before = [shop.catalogue.calls.length, shop.accounts.calls.length];
    // Of several keys most are passed over.
    const ids = ['a', 'b', 'c', 'd'];
    const answers = Array.from({ length: 200 }, (_, index) =>
      ask(index % 2 === 0 ? first : second, ids[Math.floor(index / 2) % 4] ?? ''),
    );
    await until(() => shop.catalogue.calls.length >= (before[0] ?? 0) + 8);
    // All of them are there.
    await Promise.all([first, second].map((gateway) => gateway.query('{ __typename }')));
    shop.catalogue.gate = undefined;
    gate.open();
    await Promise.all(answers);
    expect([shop.catalogue.calls.length, shop.accounts.calls.length]).toEqual(before.map((count) => count + 8));
  });

  it('is looked for in Redis when a subgraph fails', async () => {
    const id = await findPassedOver();
    const responsesKept = async () => (await raw.keys(`${redis.prefix}*response*`)).length;
    const before = await responsesKept();
    expect((await ask(first, id)).status).toContain('stored');
    await until(async () => (await responsesKept()) > before);
    shop.catalogue.failure = 503;
    try {
      // Never asked for it before.
      expect(await ask(second, id)).toEqual({
        name: `name of ${id}`,
        status: expect.stringContaining('fwd=stale; detail=error'),
      });
    } finally {
      shop.catalogue.failure = undefined;
    }
  });

  it('gives who joined nothing that was purged meanwhile', async () => {
    const id = await findPassedOver();
    const other = `${id} of another`;
    const gate = shutGate(shop.catalogue);
    const count = shop.catalogue.calls.length;
    const leading = ask(first, other);
    await until(() => shop.catalogue.calls.length > count);
    shop.data.names.set(other, 'new');
    const joining = [ask(first, other), ask(first, other)];
    await first.invalidate({ kind: 'entity', type: 'Product', key: { id: other } });
    gate.open();
    await leading;
    for (const { name } of await Promise.all(joining)) expect(name).toBe('new');
    expect((await ask(first, other)).name).toBe('new');
  });
});
