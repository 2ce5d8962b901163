import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { ClosingStack } from '../../../service/run.ts';
import { freePort } from '../../support/free-port.ts';
import { type RedisServer, startRedisServer } from '../../support/redis-server.ts';
import { describeWithRedisServer } from '../../support/servers.ts';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';
import { until } from '../../support/until.ts';
import { as, openShop, openShopGateway, renew, type Shop, type ShopGateway, shareRedis } from './shop.ts';

const QUERY = '{ product(id: "1") { name } me { note } }';
const PREFIX = 'weather:';
const STALE_MS = 300;
/** Deadlines that a busy machine keeps, for a purge that is to get through: some reads that miss theirs, and nothing is sent for a while. */
const PATIENT = { GATEWAY_CACHE_REDIS_READ_TIMEOUT_MS: '5000', GATEWAY_CACHE_REDIS_WRITE_TIMEOUT_MS: '5000' };

describeWithRedisServer('a Redis of two gateways in bad weather', () => {
  let port: number;
  let redis: RedisServer | undefined;
  const whole = new ClosingStack();
  let stack: ClosingStack;
  let shop: Shop;
  /** Of the second one of the gateways. */
  let proxy: TcpProxy;
  let gateways: readonly [ShopGateway, ShopGateway];
  let ids = 10;

  beforeAll(async () => {
    port = await freePort();
    redis = await startRedisServer(port);
    shop = await openShop(whole);
    proxy = whole.add('proxy', await startTcpProxy(port));
    gateways = await Promise.all([open(whole), open(whole, { REDIS_URL: `redis://127.0.0.1:${proxy.port}` })]);
  });
  beforeEach(async () => {
    stack = new ClosingStack();
    await renew(shop);
    shop.catalogue.control = 'public, max-age=600';
    shop.accounts.control = 'private, max-age=600';
    // Nothing of the test before is kept, and the weather is fine again.
    const all = ['catalogue', 'accounts'].map((subgraph) => ({ kind: 'subgraph', subgraph }) as const);
    for (const gateway of gateways) await until(async () => (await gateway.invalidate(...all)).status === 200);
    await until(() => isShared(gateways, String(ids++)));
  });
  afterEach(async () => {
    if (redis !== undefined) process.kill(redis.processId, 'SIGCONT');
    proxy.isCut = false;
    await stack.close();
    redis ??= await startRedisServer(port);
  });
  afterAll(async () => {
    await whole.close();
    await redis?.close();
  });

  const open = (until: ClosingStack, environment: Record<string, string> = {}) =>
    openShopGateway(until, shop, {
      ...shareRedis(`redis://127.0.0.1:${port}`, PREFIX),
      ...{ GATEWAY_CACHE_REDIS_READ_TIMEOUT_MS: '50', GATEWAY_CACHE_REDIS_WRITE_TIMEOUT_MS: '500' },
      GATEWAY_CACHE_L1_MAX_STALE_MS: String(STALE_MS),
      ...environment,
    });

  /** Everyone gets what is theirs, again and again, from both. */
  async function expectAnswers(gateways: readonly ShopGateway[]): Promise<void> {
    for (let round = 0; round < 5; round++)
      for (const gateway of gateways)
        for (const name of ['alice', 'bob']) {
          const { status, body } = await gateway.query(QUERY, { headers: await as(shop, name) });
          expect({ status, body }).toEqual({
            status: 200,
            body: {
              data: { product: { name: shop.data.names.get('1') ?? 'name of 1' }, me: { note: `note of ${name}` } },
            },
          });
        }
  }

  /** The answer of a gateway comes from what the other one has kept. */
  const isShared = async ([first, second]: readonly [ShopGateway, ShopGateway], id: string) => {
    const query = `{ product(id: "${id}") { name } }`;
    await first.query(query);
    return until(async () => (await second.query(query)).headers.get('cache-status')?.includes('hit'), 2_000).catch(
      () => false,
    );
  };

  it('paused: every request answers rightly, and it is of use again when it goes on', async () => {
    await expectAnswers(gateways);
    process.kill(redis?.processId ?? 0, 'SIGSTOP');
    await expectAnswers(gateways);
    process.kill(redis?.processId ?? 0, 'SIGCONT');
    await expectAnswers(gateways);
    await until(() => isShared(gateways, String(ids++)));
  });

  it('stopped, and started again with nothing in it: the same, and nothing from before comes back', async () => {
    await expectAnswers(gateways);
    await redis?.close();
    redis = undefined;
    await expectAnswers(gateways);
    shop.data.names.set('1', 'new');
    // Nobody is there to tell it to: it holds in each, and is told when there is.
    for (const gateway of gateways)
      expect((await gateway.invalidate({ kind: 'tag', tag: 'product-1' })).status).toBe(503);
    await expectAnswers(gateways);
    redis = await startRedisServer(port);
    await expectAnswers(gateways);
    await until(async () => (await gateways[0].invalidate({ kind: 'tag', tag: 'product-1' })).status === 200);
    await expectAnswers(gateways);
  });

  it('with fewer replicas than a purge is to have: it holds, and is not acknowledged', async () => {
    const waiting = await open(stack, { ...PATIENT, GATEWAY_CACHE_REDIS_WAIT_REPLICAS: '1' });
    const both = [waiting, gateways[0]] as const;
    await expectAnswers(both);
    shop.data.names.set('1', 'new');
    expect(await waiting.invalidate({ kind: 'tag', tag: 'product-1' })).toEqual({
      status: 503,
      body: { accepted: 1, status: 'unreplicated' },
    });
    await until(async () => {
      const { body } = await both[1].query('{ product(id: "1") { name } }');
      return (body.data as { product: { name: string } }).product.name === 'new';
    });
    await expectAnswers(both);
  });

  it('with garbage under every key of ours: the same', async () => {
    await expectAnswers(gateways);
    const raw = new Redis(port, '127.0.0.1');
    const keys = async () => raw.keys(`${PREFIX}*`);
    await until(async () => (await keys()).length > 2);
    for (const key of await keys()) {
      await raw.del(key);
      await (key.length % 2 === 0 ? raw.set(key, 'garbage') : raw.rpush(key, 'not', 'a', 'string'));
    }
    await raw.quit();
    await expectAnswers(gateways);
    await expectAnswers([await open(stack)]);
  });

  it('cut off from one of them: what the other purges is over there within maxStaleMs', async () => {
    const [purging, cut] = [await open(stack, PATIENT), gateways[1]];
    const query = '{ product(id: "1") { name } }';
    const name = async (gateway: ShopGateway) =>
      ((await gateway.query(query)).body.data as { product: { name: string } }).product.name;
    await name(purging);
    await until(async () => (await cut.query(query)).headers.get('cache-status')?.includes('l1'));
    proxy.isCut = true;
    proxy.cutAll();
    shop.data.names.set('1', 'new');
    expect((await purging.invalidate({ kind: 'tag', tag: 'product-1' })).status).toBe(200);
    const purgedAt = performance.now();
    expect(await name(purging)).toBe('new');
    let lastOldAt = purgedAt;
    await until(async () => {
      const askedAt = performance.now();
      if ((await name(cut)) === 'new') return true;
      lastOldAt = askedAt;
      return false;
    });
    expect(lastOldAt - purgedAt).toBeLessThan(STALE_MS);
    proxy.isCut = false;
    await until(async () => (await cut.query(query)).headers.get('cache-status')?.includes('hit'));
    expect(await name(cut)).toBe('new');
  });
});
