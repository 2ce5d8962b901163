import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { ClosingStack } from '../../../service/run.ts';
import { type RedisCluster, type RedisNode, startRedisCluster } from '../../support/redis-cluster.ts';
import { findMaster, prepareSlotMove } from '../../support/redis-slot.ts';
import { describeWithRedisServer } from '../../support/servers.ts';
import { until } from '../../support/until.ts';
import { openShop, openShopGateway, type Shop, type ShopGateway } from './shop.ts';

/** Far more than a machine takes for anything here, and far less than a test's time. */
const BOUND_MS = 3_000;
const PREFIX = 'cluster:';
const PURGES = `${PREFIX}main:{purge}:head`;

describeWithRedisServer('a Redis Cluster of two gateways in bad weather', () => {
  const whole = new ClosingStack();
  /** One for each test. */
  let clusters: RedisCluster[];
  let stack: ClosingStack;
  let cluster: RedisCluster;
  let shop: Shop;
  let gateways: readonly [ShopGateway, ShopGateway];
  let ids = 0;

  beforeAll(async () => {
    // Side by side, because each waits for two seconds before it says that it is whole.
    const starting = Array.from({ length: 3 }, () => startRedisCluster({ hasReplicas: true }));
    clusters = (await Promise.all(starting)).map((each) => whole.add('cluster', each));
    shop = await openShop(whole);
    shop.catalogue.control = 'public, max-age=600';
  });
  beforeEach(async () => {
    stack = new ClosingStack();
    cluster = clusters.pop() as RedisCluster;
    shop.data.names.clear();
    gateways = await Promise.all([open(), open()]);
    await expectAnswers();
    await expectShared();
  });
  afterEach(async () => {
    await stack.close();
    await cluster.close();
  });
  afterAll(() => whole.close());

  const open = () =>
    openShopGateway(stack, shop, {
      GATEWAY_CACHE_REDIS_URLS: cluster.urls.join(','),
      GATEWAY_CACHE_REDIS_IS_CLUSTER: 'true',
      GATEWAY_CACHE_REDIS_PREFIX: PREFIX,
      GATEWAY_CACHE_REDIS_READ_TIMEOUT_MS: '50',
      GATEWAY_CACHE_L1_MAX_STALE_MS: '300',
      GATEWAY_CACHE_INVALIDATION_EVENTS: 'false',
    });

  async function ask(gateway: ShopGateway, id: string) {
    const begun = performance.now();
    const { status, body, headers } = await gateway.query(`{ product(id: "${id}") { name } }`);
    expect(performance.now() - begun).toBeLessThan(BOUND_MS);
    expect(status).toBe(200);
    const { name } = (body.data as { product: { name: string } }).product;
    return { name, how: headers.get('cache-status') ?? '' };
  }

  /** Both answer rightly: what is new, and what may be kept. */
  async function expectAnswers(): Promise<void> {
    for (const gateway of gateways)
      for (const id of ['1', '2', '3', `new-${ids++}`])
        expect((await ask(gateway, id)).name).toBe(shop.data.names.get(id) ?? `name of ${id}`);
  }

  /** What one has fetched the other one finds, wherever it is kept. */
  async function expectShared(): Promise<void> {
    for (let count = 0; count < 10; count++)
      await until(async () => {
        const id = `shared-${ids++}`;
        await ask(gateways[0], id);
        return (await ask(gateways[1], id)).how.includes('detail=l2');
      });
  }

  const purge = (gateway: ShopGateway, id: string) => gateway.invalidate({ kind: 'tag', tag: `product-${id}` });

  it('its slots move: every request answers rightly, and purges hold', async () => {
    const move = await prepareSlotMove(cluster, PURGES);
    const rename = async () => {
      shop.data.names.set('1', `name ${ids++}`);
      await until(async () => (await purge(gateways[0], '1')).status === 200);
      expect((await ask(gateways[0], '1')).name).toBe(shop.data.names.get('1'));
      await until(async () => (await ask(gateways[1], '1')).name === shop.data.names.get('1'));
      await expectAnswers();
    };
    await rename();
    await move.begin();
    await rename();
    await move.moveKeys();
    await rename();
    await move.end();
    await rename();
    await expectShared();
  });

  it.each(['the state of purges', 'entries only'])(
    'a master dies that has %s: every request answers rightly, purges hold, and it is of use again',
    async (has) => {
      const ofPurges = await findMaster(cluster, PURGES);
      const isSought = (node: RedisNode) => (node === ofPurges) === (has === 'the state of purges');
      const place = cluster.masters.findIndex(isSought);
      const replica = cluster.replicas[place] as RedisNode;
      await cluster.masters[place]?.close();
      await expectAnswers();
      shop.data.names.set('1', 'another name');
      // Whoever took it does as it says, whether Redis has it already or not.
      expect([200, 503]).toContain((await purge(gateways[0], '1')).status);
      expect((await ask(gateways[0], '1')).name).toBe('another name');
      await until(async () => {
        for (const id of ['2', '3', `new-${ids++}`]) expect((await ask(gateways[1], id)).name).toBe(`name of ${id}`);
        return (await replica.raw.info('replication')).includes('role:master');
      });
      await until(async () => (await purge(gateways[0], '2')).status === 200);
      await until(async () => (await ask(gateways[1], '1')).name === 'another name');
      await expectAnswers();
      await expectShared();
    },
  );
});
