import { randomBytes } from 'node:crypto';
import type { z } from 'zod';
import { ConfigError, type ConfigProblem, readConfig } from '../service/config.ts';
import { createLog } from '../service/logs.ts';
import { ClosingStack, type Running } from '../service/run.ts';
import { notifications } from './notifications/service.ts';
import { orders } from './orders/service.ts';
import { products } from './products/service.ts';
import type { ServedSubgraph } from './server.ts';
import { type Service, type ServiceConfig, type Shared, startService } from './service.ts';
import { users } from './users/service.ts';

export const SUBGRAPH_NAMES = ['users', 'orders', 'products', 'notifications'] as const;

/** The four services in one process. */
export type RunningSubgraphs = Running & Readonly<Record<(typeof SUBGRAPH_NAMES)[number], ServedSubgraph>>;

type Environment = Readonly<Record<string, string | undefined>>;

/** What is wrong with the configuration of any of the four, before anything is started. */
export function findConfigProblems(environment: Environment): ConfigProblem[] {
  return [users, orders, products, notifications].flatMap(({ name, config: schema }) => {
    try {
      readConfig({ schema, prefix: name.toUpperCase(), environment });
      return [];
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      return error.problems.map(({ path, message }) => ({ path: `${name}: ${path}`, message }));
    }
  });
}

/**
 * Starts the four services, one after the other: each is told where those before it are, and orders and users share a secret
 * made for this start. Each reads the same environment as it would alone, so that any of this can be set from outside.
 */
export async function startSubgraphs(environment: Environment, shared: Shared): Promise<RunningSubgraphs> {
  const stack = new ClosingStack();

  const start = async <Schema extends z.ZodType<ServiceConfig> & z.ZodObject>(
    service: Service<Schema>,
    found: Environment,
  ): Promise<ServedSubgraph> => {
    const prefix = service.name.toUpperCase();
    const defaults = Object.fromEntries(Object.entries(found).map(([name, value]) => [`${prefix}_${name}`, value]));
    const config = readConfig({ schema: service.config, prefix, environment: { ...defaults, ...environment } });
    return stack.add(
      service.name,
      await startService(service, config, createLog(service.name, config.log.level), shared),
    );
  };

  try {
    const secret = randomBytes(32).toString('base64url');
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
