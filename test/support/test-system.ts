import type { z } from 'zod';
import { readConfig } from '../../service/config.ts';
import { createEvents } from '../../service/events.ts';
import { createLog } from '../../service/logs.ts';
import { ClosingStack, type Running } from '../../service/run.ts';
import { notifications } from '../../subgraphs/notifications/service.ts';
import { orders } from '../../subgraphs/orders/service.ts';
import { products } from '../../subgraphs/products/service.ts';
import type { ServedSubgraph } from '../../subgraphs/server.ts';
import { type Service, type ServiceConfig, startService } from '../../subgraphs/service.ts';
import { users } from '../../subgraphs/users/service.ts';

/** The four subgraphs with demo data, on free ports, in this process. */
export interface TestSystem extends Running {
  readonly users: ServedSubgraph;
  readonly orders: ServedSubgraph;
  readonly products: ServedSubgraph;
  readonly notifications: ServedSubgraph;
}

export const SUBGRAPHS = ['users', 'orders', 'products', 'notifications'] as const;

/** @param redis for events over Redis Streams; without it they stay in this process */
export async function startTestSystem(
  databaseUrl: string,
  redis?: { readonly url: string; readonly prefix: string },
): Promise<TestSystem> {
  const log = createLog('test', 'silent');
  const stack = new ClosingStack();
  const events = stack.add(
    'events',
    createEvents({ redisUrl: redis?.url, ...(redis === undefined ? {} : { prefix: redis.prefix }), log }),
  );

  const start = async <Schema extends z.ZodType<ServiceConfig> & z.ZodObject>(
    service: Service<Schema>,
    options: Record<string, string> = {},
  ) => {
    const prefix = service.name.toUpperCase();
    const named = Object.fromEntries(
      Object.entries({ HTTP_PORT: '0', ...options }).map(([name, value]) => [`${prefix}_${name}`, value]),
    );
    const config = readConfig({ schema: service.config, prefix, environment: { ...named, SEED: 'demo' } });
    return stack.add(service.name, await startService(service, config, log, { databaseUrl, events }));
  };

  try {
    const secret = 'a secret of the test';
    const usersServer = await start(users, {
      CLIENTS: JSON.stringify({ orders: { secret, scopes: ['stock:reserve'] } }),
    });
    const keys = { TOKEN_JWKS_URL: `${usersServer.url}/.well-known/jwks.json` };
    const productsServer = await start(products, keys);
    // Whoever listens to orders starts before it, and stops after: what is in its outbox is told as soon as it starts.
    const notificationsServer = await start(notifications, keys);
    const ordersServer = await start(orders, {
      ...keys,
      PRODUCTS_URL: productsServer.url,
      CLIENT_TOKEN_URL: `${usersServer.url}/oauth/token`,
      CLIENT_SECRET: secret,
    });
    return {
      users: usersServer,
      orders: ordersServer,
      products: productsServer,
      notifications: notificationsServer,
      close: () => stack.close(),
    };
  } catch (error) {
    await stack.close();
    throw error;
  }
}
