import { relayOutbox } from '../../service/outbox.ts';
import { ClosingStack } from '../../service/run.ts';
import { serveSubgraph } from '../server.ts';
import { createVerifier, type Service } from '../service.ts';
import { ordersConfig } from './config.ts';
import { createOrderLoaders } from './data.ts';
import { type Context, resolvers } from './resolvers.ts';
import { addRest } from './rest.ts';
import { seedOrders } from './seed.ts';
import { createServiceToken } from './service-token.ts';
import { createStock } from './stock.ts';
import { outbox } from './tables.ts';

/** What this service's own token must allow. */
const RESERVE = 'stock:reserve';

/** Orders: placed once however often they are sent, with their stock set aside, and told to whom it concerns. */
export const orders: Service<typeof ordersConfig> = {
  name: 'orders',
  config: ordersConfig,
  async start({ config, database, events, log }) {
    const stack = new ClosingStack();
    try {
      const now = () => new Date();
      const { timeoutMs, url } = config.products;
      if (config.client.secret === undefined) log.warn('ORDERS_CLIENT_SECRET is not set: no order can be placed');
      if (config.seed === 'demo') await seedOrders(database);
      const token = createServiceToken({ client: config.client, scope: RESERVE, timeoutMs, now, log });
      const relay = stack.add('outbox', relayOutbox({ database, table: outbox, service: 'orders', events, log }));
      const placing = { database, stock: createStock({ url, timeoutMs, token, log }), nudge: () => relay.nudge(), now };
      const served = stack.add(
        'server',
        await serveSubgraph<Context>(
          {
            name: 'orders',
            schema: new URL('./schema.graphql', import.meta.url),
            resolvers,
            context: (caller) => ({ caller, orders: createOrderLoaders(database), database, placing }),
            rest: (app, callerOf) => addRest(app, { database, callerOf }),
            ready: () => database.ping(),
            verifyToken: createVerifier(config),
          },
          { ...config.http, telemetry: config, log },
        ),
      );
      return { url: served.url, close: () => stack.close() };
    } catch (error) {
      await stack.close();
      throw error;
    }
  },
};
