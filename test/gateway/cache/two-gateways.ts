import { Redis } from 'ioredis';
import { ClosingStack, type Running } from '../../../service/run.ts';
import { freePort } from '../../support/free-port.ts';
import { type RedisServer, startRedisServer } from '../../support/redis-server.ts';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';
import { until } from '../../support/until.ts';
import { openShop, openShopGateway, type Shop, type ShopGateway, shareRedis } from './shop.ts';

const PREFIX = 'two:';
/** Of the purge log in Redis, with the namespace of the gateways. */
const PURGE = `${PREFIX}main:{purge}`;

export interface ProxiedGateway extends ShopGateway {
  /** Between it and Redis. */
  readonly proxy: TcpProxy;
  /** What it answers for a product. */
  ask(id: string): Promise<{ readonly name: string | undefined; readonly status: string }>;
}

/** Two whole gateways over a shop, on a Redis of their own, which each reaches through a proxy. */
export interface TwoGateways extends Running {
  readonly shop: Shop;
  readonly first: ProxiedGateway;
  readonly second: ProxiedGateway;
  readonly raw: Redis;
  /** The key of a part of the purge log. */
  readonly purgeKey: (part: 'head' | 'floor' | 'table' | 'log') => string;
  /** One more, for as long as a test wants it. */
  open(until: ClosingStack): Promise<ProxiedGateway>;
  /** Stops Redis, and starts it again with nothing in it. */
  restartRedis(): Promise<void>;
  /** Resolves when a gateway has answered with what the other one has kept in Redis since this was called. */
  look(gateway: ProxiedGateway): Promise<void>;
  /** Lets everything through again, and resolves when both hear of purges and read what is kept. */
  recover(): Promise<void>;
}

/**
 * Opens them. Memory answers alone for ten minutes and looks for purges after three: within a test a gateway knows of them because it is
 * told, or because it reads.
 */
export async function openTwoGateways(): Promise<TwoGateways> {
  const stack = new ClosingStack();
  const port = await freePort();
  let redis: RedisServer | undefined = await startRedisServer(port);
  stack.add('redis', { close: async () => redis?.close() });
  const raw = new Redis(port, '127.0.0.1');
  stack.add('raw', { close: async () => raw.disconnect() });
  const shop = await openShop(stack);
  shop.catalogue.control = shop.accounts.control = 'public, max-age=600';
  let looks = 0;

  async function open(until: ClosingStack): Promise<ProxiedGateway> {
    const proxy = until.add('proxy', await startTcpProxy(port));
    const gateway = await openShopGateway(until, shop, {
      ...shareRedis(`redis://127.0.0.1:${proxy.port}`, PREFIX),
      GATEWAY_CACHE_L1_MAX_STALE_MS: '600000',
    });
    return {
      ...gateway,
      proxy,
      ask: async (id) => {
        const { body, headers } = await gateway.query(`{ product(id: "${id}") { name } }`);
        return {
          name: (body.data?.product as { name: string } | undefined)?.name,
          status: headers.get('cache-status') ?? '',
        };
      },
    };
  }
  const [first, second] = await Promise.all([open(stack), open(stack)]);

  async function look(gateway: ProxiedGateway): Promise<void> {
    const other = gateway === first ? second : first;
    await until(async () => {
      const id = `look ${looks++}`;
      await other.ask(id);
      return (await gateway.ask(id)).status.includes('l2');
    });
  }

  return {
    ...{ shop, first, second, raw, open, look },
    purgeKey: (part) => `${PURGE}:${part}`,
    restartRedis: async () => {
      await redis?.close();
      redis = undefined;
      redis = await startRedisServer(port);
    },
    recover: async () => {
      for (const { proxy } of [first, second])
        Object.assign(proxy, { isCut: false, onReply: (chunk: Buffer) => chunk });
      shop.catalogue.gate = undefined;
      await until(async () => Number((await raw.pubsub('NUMSUB', PURGE))[1]) >= 2);
      for (const gateway of [first, second]) await look(gateway);
    },
    close: () => stack.close(),
  };
}
