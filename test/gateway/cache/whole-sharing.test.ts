import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { ClosingStack } from '../../../service/run.ts';
import { shutGate } from '../../support/controlled-subgraph.ts';
import { describeOnRedis, type TestRedis } from '../../support/servers.ts';
import { until } from '../../support/until.ts';
import { openShop, openShopGateway, renew, type Shop, type ShopGateway, shareRedis } from './shop.ts';

describeOnRedis('what is fetched, and how often, through two gateways', (create) => {
  let redis: TestRedis;
  let stack: ClosingStack;
  let shop: Shop;
  let first: ShopGateway;
  let second: ShopGateway;

  beforeAll(async () => {
    redis = await create();
    stack = new ClosingStack();
    shop = await openShop(stack);
    first = await openShopGateway(stack, shop, shareRedis(redis.url, redis.prefix));
    second = await openShopGateway(stack, shop, shareRedis(redis.url, redis.prefix));
  });
  beforeEach(async () => {
    await renew(shop, first, second);
    shop.catalogue.control = shop.accounts.control = 'public, max-age=600';
  });
  afterAll(async () => {
    await stack.close();
    await redis.close();
  });

  it('is fetched once from each subgraph for 200 clients at once on a cold key', async () => {
    const gate = shutGate(shop.catalogue);
    const query = '{ product(id: "1") { name stock } }';
    const answers = Array.from({ length: 200 }, (_, index) => (index % 2 === 0 ? first : second).query(query));
    await until(() => shop.catalogue.calls.length > 0);
    await Promise.all([first, second].map((gateway) => gateway.query('{ __typename }')));
    gate.open();
    for (const { body } of await Promise.all(answers))
      expect(body).toEqual({ data: { product: { name: 'name of 1', stock: 1 } } });
    expect([shop.catalogue.calls.length, shop.accounts.calls.length]).toEqual([1, 1]);
  });

  it('asks only for the entities that are not there, and puts all in their places', async () => {
    const stocks = async (gateway: ShopGateway, ids: readonly string[]) =>
      (await gateway.query('query ($ids: [ID!]!) { products(ids: $ids) { id stock } }', { variables: { ids } })).body;
    for (const id of ['1', '2', '3', '4']) shop.data.stock.set(id, Number(id) * 10);
    await stocks(first, ['2', '4']);
    const expected = ['1', '2', '3', '4'].map((id) => ({ id, stock: Number(id) * 10 }));
    const askedFor = () =>
      shop.accounts.calls.map(({ variables }) => (variables.representations as { id: string }[]).map(({ id }) => id));
    // Until it finds them: it asks for itself, and keeps that, when it was before the first one's had come to Redis.
    await until(async () => {
      const before = askedFor().length;
      await stocks(second, ['2', '4']);
      return askedFor().length === before;
    });
    shop.accounts.calls.length = 0;
    expect(await stocks(second, ['1', '2', '3', '4'])).toEqual({ data: { products: expected } });
    expect(askedFor()).toEqual([['1', '3']]);
  });

  it.each([
    ['for everyone', 'public, max-age=600'],
    ['for nobody in particular, which is asked for by each alone', 'private, max-age=600'],
  ])('gives who wants nothing older than an age no older part of what is under way: %s', async (_, control) => {
    shop.accounts.control = control;
    const query = '{ product(id: "1") { name stock } }';
    await first.query('{ product(id: "1") { name } }');
    const ask = (headers: Record<string, string> = {}) => first.query(query, { headers });
    // Known not to be waited for, if it is.
    await ask();
    await first.invalidate({ kind: 'subgraph', subgraph: 'accounts' });
    const gate = shutGate(shop.accounts);
    const [names, stocks] = [shop.catalogue.calls.length, shop.accounts.calls.length];
    const asked = ask();
    await until(() => shop.accounts.calls.length > stocks);
    expect(shop.catalogue.calls.length).toBe(names);
    shop.data.names.set('1', 'new');
    const later = ask({ 'cache-control': 'max-age=0' });
    await until(() => shop.catalogue.calls.length > names).finally(gate.open);
    expect((await later).body).toEqual({ data: { product: { name: 'new', stock: 1 } } });
    await asked;
  });

  it('keeps no answer with an error', async () => {
    const query = '{ product(id: "1") { name } }';
    shop.catalogue.failure = 500;
    for (const gateway of [first, second, first]) {
      const { body, headers } = await gateway.query(query);
      expect(body.errors?.[0]?.extensions.code).toBe('SUBGRAPH_HTTP_ERROR');
      expect(headers.get('cache-control')).toBe('no-store');
    }
    shop.catalogue.failure = undefined;
    for (const gateway of [first, second])
      expect((await gateway.query(query)).body).toEqual({ data: { product: { name: 'name of 1' } } });
  });

  it('gives what is stale at once while a newer one is fetched, once', async () => {
    shop.catalogue.control = 'public, max-age=1, stale-while-revalidate=600';
    const query = '{ product(id: "1") { name } }';
    const ask = async () => (await first.query(query)).body.data?.product;
    expect(await ask()).toEqual({ name: 'name of 1' });
    shop.data.names.set('1', 'new');
    const gate = shutGate(shop.catalogue);
    // Its second is over when somebody asks anew: the answer is still the old one.
    await until(async () => {
      expect(await ask()).toEqual({ name: 'name of 1' });
      return shop.catalogue.calls.length > 1;
    });
    for (let count = 0; count < 5; count++) expect(await ask()).toEqual({ name: 'name of 1' });
    expect(shop.catalogue.calls.length).toBe(2);
    gate.open();
    await until(async () => ((await ask()) as { name: string }).name === 'new');
  });

  it('gives what is stale when its subgraph fails, within its window, and not after a purge', async () => {
    shop.catalogue.control = 'public, max-age=1, stale-if-error=600';
    const query = '{ product(id: "1") { name } }';
    await first.query(query);
    shop.catalogue.failure = 503;
    await until(async () => {
      const { body, headers } = await first.query(query);
      expect(body).toEqual({ data: { product: { name: 'name of 1' } } });
      return shop.catalogue.calls.length > 1 && Number(headers.get('age')) >= 1;
    });
    await first.invalidate({ kind: 'tag', tag: 'product-1' });
    for (const gateway of [first, second])
      expect((await gateway.query(query)).body.errors?.[0]?.extensions.code).toBe('SUBGRAPH_HTTP_ERROR');
  });
});
