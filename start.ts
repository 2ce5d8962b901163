import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { z } from 'zod';
import { startGateway } from './gateway/app.ts';
import { gatewayConfig } from './gateway/config.ts';
import { readConfig } from './service/config.ts';
import { startEmbeddedPostgres } from './service/embedded-postgres.ts';
import { createEvents } from './service/events.ts';
import { createLog, type Log } from './service/logs.ts';
import { ClosingStack, type Running, run } from './service/run.ts';
import { describeStart } from './start-screen.ts';
import { notifications } from './subgraphs/notifications/service.ts';
import { orders } from './subgraphs/orders/service.ts';
import { products } from './subgraphs/products/service.ts';
import type { ServedSubgraph } from './subgraphs/server.ts';
import { type Service, type ServiceConfig, type Shared, startService } from './subgraphs/service.ts';
import { users } from './subgraphs/users/service.ts';

/**
 * Everything on this machine in one process: what `npm start` runs. Each service reads the same environment as it would
 * alone; what is set here are defaults that make them find one another, so that any of it can be changed from outside.
 */

const GATEWAY_CONFIG = fileURLToPath(new URL('./gateway/gateway.yaml', import.meta.url));

type Environment = Record<string, string | undefined>;

/** Starts all services, one after the other: each is told where those before it are. */
async function startAll(environment: Environment, log: Log): Promise<Running> {
  const stack = new ClosingStack();
  try {
    const { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, TRIBUTARY_DATA_DIR: dataDir = '.data' } = environment;
    const embedded =
      databaseUrl === undefined ? stack.add('postgres', await startEmbeddedPostgres(dataDir)) : undefined;
    const shared: Shared = {
      databaseUrl: databaseUrl ?? embedded?.url ?? '',
      events: stack.add('events', createEvents({ redisUrl, log })),
    };
    const seed = environment.SEED ?? (embedded === undefined ? 'none' : 'demo');
    const serviceSecret = randomBytes(32).toString('base64url');

    const start = async <Schema extends z.ZodType<ServiceConfig> & z.ZodObject>(
      service: Service<Schema>,
      defaults: Environment = {},
    ): Promise<ServedSubgraph> => {
      const prefix = service.name.toUpperCase();
      const config = readConfig({
        schema: service.config,
        prefix,
        environment: { ...QUIET, ...prefixed(prefix, defaults), SEED: seed, ...environment },
      });
      return stack.add(
        service.name,
        await startService(service, config, createLog(service.name, config.log.level), shared),
      );
    };

    const clients = JSON.stringify({ orders: { secret: serviceSecret, scopes: ['stock:reserve'] } });
    const usersServer = await start(users, { CLIENTS: clients });
    const keys = { TOKEN_JWKS_URL: `${usersServer.url}/.well-known/jwks.json` };
    const productsServer = await start(products, keys);
    // Whoever listens to orders starts before it, and stops after: what is in its outbox is told as soon as it starts.
    const notificationsServer = await start(notifications, keys);
    const ordersServer = await start(orders, {
      ...keys,
      PRODUCTS_URL: productsServer.url,
      CLIENT_TOKEN_URL: `${usersServer.url}/oauth/token`,
      CLIENT_SECRET: serviceSecret,
    });

    const servers = {
      users: usersServer,
      orders: ordersServer,
      products: productsServer,
      notifications: notificationsServer,
    };
    const addresses = Object.entries(servers).map(([name, { url }]) => [
      `UPSTREAM_${name.toUpperCase()}_URLS`,
      `${url}/graphql`,
    ]);
    const config = readConfig({
      schema: gatewayConfig,
      prefix: 'GATEWAY',
      file: GATEWAY_CONFIG,
      environment: { ...QUIET, ...prefixed('GATEWAY', { ...keys, ...Object.fromEntries(addresses) }), ...environment },
    });
    const gateway = stack.add(
      'gateway',
      await startGateway(config, createLog('gateway', config.log.level), environment),
    );

    console.log(
      describeStart({
        gateway: gateway.url,
        admin: gateway.adminUrl,
        subgraphs: Object.entries(servers).map(([name, { url }]) => ({ name, url })),
        dataDir: embedded === undefined ? undefined : dataDir,
        hasRedis: redisUrl !== undefined,
        isDemo: seed === 'demo',
      }),
    );
    return stack;
  } catch (error) {
    await stack.close();
    throw error;
  }
}

/** One screen, not a stream of log lines: services say only what is wrong, unless a level is set. */
const QUIET = Object.fromEntries(
  ['USERS', 'ORDERS', 'PRODUCTS', 'NOTIFICATIONS', 'GATEWAY'].map((prefix) => [`${prefix}_LOG_LEVEL`, 'warn']),
);

function prefixed(prefix: string, values: Environment): Environment {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}_${name}`, value]));
}

const log = createLog('tributary', 'warn');
await run(() => startAll(process.env, log), { log, shutdownTimeoutMs: () => 10_000 });
