import { createEvents } from '../../../service/events.ts';
import { createLog } from '../../../service/logs.ts';
import { ClosingStack, type Running } from '../../../service/run.ts';
import { notifications } from '../../../subgraphs/notifications/service.ts';
import { products } from '../../../subgraphs/products/service.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';
import { startProcess, type TestProcess } from '../../support/process.ts';
import { startRawServer } from '../../support/raw-server.ts';
import { type RedisServer, startRedisServer } from '../../support/redis-server.ts';
import { startTestService, type TestService } from '../support/test-service.ts';

/** Orders as a process of its own, which may be killed at any moment, among services that live on. */
export interface Surviving extends Running {
  readonly issuer: TestIssuer;
  readonly products: TestService;
  readonly redis: RedisServer;
  /** What happens to a request on its way to products, and to the answer on its way back; nothing by default. */
  readonly onTheWay: { there: () => Promise<void>; back: () => Promise<void> };
  /** Starts orders. */
  startOrders(): Promise<KillableOrders>;
}

export interface KillableOrders {
  readonly url: string;
  /** Ends the process without a word, and resolves when it is gone. */
  kill(): Promise<void>;
}

const STREAM_PREFIX = 'test:';

/** The stream of events that all of them share. */
export const STREAM = `${STREAM_PREFIX}events`;

export async function startSurviving(databaseUrl: string): Promise<Surviving> {
  const stack = new ClosingStack();
  const issuer = stack.add('issuer', await startIssuer());
  const redis = stack.add('redis', await startRedisServer());
  const events = stack.add(
    'events',
    createEvents({ redisUrl: redis.url, prefix: STREAM_PREFIX, log: createLog('test', 'silent') }),
  );
  const trust = (prefix: string) => ({
    [`${prefix}_TOKEN_ISSUER`]: issuer.issuer,
    [`${prefix}_TOKEN_AUDIENCE`]: issuer.audience,
    [`${prefix}_TOKEN_JWKS_URL`]: issuer.jwksUrl,
  });
  const stock = await startTestService(products, {
    ...{ databaseUrl, events, environment: { SEED: 'demo', ...trust('PRODUCTS') } },
  });
  stack.add('products', stock);
  const listener = await startTestService(notifications, {
    ...{ databaseUrl, events, environment: trust('NOTIFICATIONS') },
  });
  stack.add('notifications', listener);

  const onTheWay: Surviving['onTheWay'] = { there: async () => undefined, back: async () => undefined };
  const way = await startRawServer(async (request, response) => {
    // As they are when it sets out: one that is late must not meet those of the test that comes after.
    const { there, back } = onTheWay;
    const body = (await request.toArray()) as Buffer[];
    await there();
    const answer = await fetch(`${stock.url}${request.url}`, {
      method: request.method ?? 'GET',
      headers: { authorization: request.headers.authorization ?? '', 'content-type': 'application/json' },
      body: Buffer.concat(body),
    });
    const text = await answer.text();
    await back();
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(text);
  });
  stack.add('way', way);

  const environment = {
    ...trust('ORDERS'),
    DATABASE_URL: databaseUrl,
    REDIS_URL: redis.url,
    ORDERS_REDIS_PREFIX: STREAM_PREFIX,
    ORDERS_HTTP_PORT: '0',
    ORDERS_PRODUCTS_URL: new URL(way.url).origin,
    ORDERS_CLIENT_TOKEN_URL: issuer.tokenUrl,
    ORDERS_CLIENT_ID: issuer.client.id,
    ORDERS_CLIENT_SECRET: issuer.client.secret,
  };
  const running = new Set<TestProcess>();
  stack.add('orders', { close: async () => void (await Promise.all([...running].map((orders) => orders.close()))) });
  return {
    ...{ issuer, products: stock, redis, onTheWay },
    async startOrders() {
      const process = startProcess('subgraphs/orders/main.ts', { environment });
      running.add(process);
      const line = await process.output.find(/orders is serving/);
      const { url } = JSON.parse(line) as { url: string };
      return { url, kill: () => process.close() };
    },
    close: () => stack.close(),
  };
}
