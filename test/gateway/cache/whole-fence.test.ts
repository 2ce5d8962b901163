import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { Invalidation } from '../../../service/invalidation.ts';
import { ClosingStack } from '../../../service/run.ts';
import { shutGate } from '../../support/controlled-subgraph.ts';
import { describeOnRedis, type TestRedis } from '../../support/servers.ts';
import { until } from '../../support/until.ts';
import { as, openShop, openShopGateway, type Shop, type ShopGateway, shareRedis } from './shop.ts';

describeOnRedis('what was asked for before a purge, through whole gateways', (create) => {
  let redis: TestRedis;
  let stack: ClosingStack;
  let shop: Shop;
  let first: ShopGateway;
  let second: ShopGateway;
  /** A product that no other test asks for. */
  let id: string;
  let count = 0;

  beforeAll(async () => {
    redis = await create();
    stack = new ClosingStack();
    shop = await openShop(stack);
    const shared = { ...shareRedis(redis.url, redis.prefix), GATEWAY_CACHE_L1_MAX_STALE_MS: '600000' };
    first = await openShopGateway(stack, shop, shared);
    second = await openShopGateway(stack, shop, shared);
  });
  beforeEach(() => {
    id = `fenced${count++}`;
    for (const subgraph of [shop.catalogue, shop.accounts]) {
      subgraph.control = 'public, max-age=600';
      subgraph.gate = undefined;
      subgraph.calls.length = 0;
    }
  });
  afterAll(async () => {
    await stack.close();
    await redis.close();
  });

  const name = () => `{ product(id: "${id}") { name } }`;
  const stock = () => `{ product(id: "${id}") { stock } }`;
  const nameFrom = async (gateway: ShopGateway, headers: Record<string, string> = {}, query = name()) =>
    (await gateway.query(query, { headers })).body.data?.product;

  /** Asks while the answer is held back, changes the data meanwhile and says so, then lets the answer come. */
  async function purgeWhile(ask: () => Promise<unknown>, purge: () => Promise<{ status: number }>) {
    const gate = shutGate(shop.catalogue);
    const before = shop.catalogue.calls.length;
    const asked = ask();
    await until(() => shop.catalogue.calls.length > before);
    shop.data.names.set(id, 'new');
    expect((await purge()).status).toBe(200);
    return { asked, open: gate.open };
  }

  it.each([
    ['by a tag of the schema', (): Invalidation => ({ kind: 'tag', tag: `product-${id}` })],
    ['by its entity', (): Invalidation => ({ kind: 'entity', type: 'Product', key: { id } })],
    ['by its type', (): Invalidation => ({ kind: 'type', type: 'Product' })],
    ['by its subgraph', (): Invalidation => ({ kind: 'subgraph', subgraph: 'catalogue' })],
  ] as const)('is given by neither gateway afterwards, purged %s', async (_, invalidation) => {
    const { asked, open } = await purgeWhile(
      () => nameFrom(first),
      () => second.invalidate(invalidation()),
    );
    open();
    expect(await asked).toEqual({ name: `name of ${id}` });
    // The one that was not told looks into Redis, because its answer was void by the time it came or is asked for now.
    expect(await nameFrom(second)).toEqual({ name: 'new' });
    await until(async () => ((await nameFrom(first)) as { name: string }).name === 'new');
    expect([await nameFrom(first), await nameFrom(second)]).toEqual([{ name: 'new' }, { name: 'new' }]);
  });

  it('is not given after it was kept in memory and in Redis', async () => {
    await nameFrom(first);
    await until(async () => (await second.query(name())).headers.get('cache-status')?.includes('l2'));
    shop.data.names.set(id, 'new');
    expect((await first.invalidate({ kind: 'tag', tag: `product-${id}` })).status).toBe(200);
    expect(await nameFrom(first)).toEqual({ name: 'new' });
    await until(async () => ((await nameFrom(second)) as { name: string }).name === 'new');
  });

  it('is not given to who waited for it, when it comes', async () => {
    const { asked, open } = await purgeWhile(
      () => nameFrom(first),
      () => first.invalidate({ kind: 'tag', tag: `product-${id}` }),
    );
    shop.catalogue.gate = undefined;
    const later = nameFrom(first);
    // Sent after it, answered without a subgraph: the other is on its way by then.
    await first.query('{ __typename }');
    open();
    expect(await later).toEqual({ name: 'new' });
    await asked;
    expect([await nameFrom(first), await nameFrom(second)]).toEqual([{ name: 'new' }, { name: 'new' }]);
  });

  it.each(['no-cache', 'no-store'])('is not given to who says %s while it is still under way', async (control) => {
    const { asked, open } = await purgeWhile(
      () => nameFrom(first),
      () => first.invalidate({ kind: 'tag', tag: `product-${id}` }),
    );
    shop.catalogue.gate = undefined;
    const later = nameFrom(first, { 'cache-control': control });
    const again = until(() => shop.catalogue.calls.length === 2);
    await again.finally(open);
    expect(await later).toEqual({ name: 'new' });
    await asked;
    expect([await nameFrom(first), await nameFrom(second)]).toEqual([{ name: 'new' }, { name: 'new' }]);
  });

  it('is not given as an entity to another query that asks for the same one', async () => {
    const gate = shutGate(shop.accounts);
    const asked = nameFrom(first, {}, stock());
    await until(() => shop.accounts.calls.length === 1);
    shop.data.stock.set(id, 99);
    await first.invalidate({ kind: 'entity', type: 'Product', key: { id } });
    shop.accounts.gate = undefined;
    const later = nameFrom(first, {}, `{ product(id: "${id}") { id stock } }`);
    const again = until(() => shop.accounts.calls.length === 2);
    await again.finally(gate.open);
    expect(await later).toEqual({ id, stock: 99 });
    await asked;
    expect([await nameFrom(first, {}, stock()), await nameFrom(second, {}, stock())]).toEqual([
      { stock: 99 },
      { stock: 99 },
    ]);
  });

  it('is not given for a tag that only the answer names', async () => {
    const gate = shutGate(shop.catalogue);
    const asked = nameFrom(first);
    const call = await until(() => shop.catalogue.calls[0]);
    call.tags.push('season');
    shop.data.names.set(id, 'new');
    await second.invalidate({ kind: 'tag', tag: 'season' });
    gate.open();
    expect(await asked).toEqual({ name: `name of ${id}` });
    expect(await nameFrom(second)).toEqual({ name: 'new' });
    await until(async () => ((await nameFrom(first)) as { name: string }).name === 'new');
  });

  it('is not given to its owner, when it is private', async () => {
    shop.accounts.control = 'private, max-age=600';
    const headers = await as(shop, 'alice');
    const me = async (gateway: ShopGateway) => (await gateway.query('{ me { note } }', { headers })).body.data?.me;
    await me(first);
    await me(first);
    shop.data.notes.set('alice', 'old');
    await first.invalidate({ kind: 'type', type: 'Account' });
    const gate = shutGate(shop.accounts);
    const before = shop.accounts.calls.length;
    const asked = me(first);
    await until(() => shop.accounts.calls.length > before);
    shop.data.notes.set('alice', 'new');
    await first.invalidate({ kind: 'type', type: 'Account' });
    shop.accounts.gate = undefined;
    const later = me(first);
    const again = until(() => shop.accounts.calls.length > before + 1);
    await again.finally(gate.open);
    expect(await later).toEqual({ note: 'new' });
    await asked;
    expect([await me(first), await me(second)]).toEqual([{ note: 'new' }, { note: 'new' }]);
  });

  it('a read that is under way while its client writes is not given to it afterwards', async () => {
    const gate = shutGate(shop.catalogue);
    const reading = nameFrom(first);
    await until(() => shop.catalogue.calls.length === 1);
    shop.catalogue.gate = undefined;
    await first.query(`mutation { rename(id: "${id}", name: "new") { name } }`);
    const later = nameFrom(first);
    const again = until(() => shop.catalogue.calls.length === 3);
    await again.finally(gate.open);
    expect(await later).toEqual({ name: 'new' });
    await reading;
  });
});
