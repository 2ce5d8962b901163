import { relayOutbox } from '../../service/outbox.ts';
import { ClosingStack } from '../../service/run.ts';
import { serveSubgraph } from '../server.ts';
import { createVerifier, type Service } from '../service.ts';
import { productsConfig } from './config.ts';
import { createProductLoaders } from './data.ts';
import { followOrders } from './order-events.ts';
import { createReservations } from './reservations.ts';
import { type Context, resolvers } from './resolvers.ts';
import { addRest } from './rest.ts';
import { seedProducts } from './seed.ts';
import { outbox } from './tables.ts';

/** What is for sale, and how much of it is there. @param now the clock that reservations expire by */
export function createProducts(now: () => Date = () => new Date()): Service<typeof productsConfig> {
  return {
    name: 'products',
    config: productsConfig,
    async start({ config, database, events, log }) {
      if (config.seed === 'demo') await seedProducts(database);

      const stack = new ClosingStack();
      try {
        const relay = stack.add('outbox', relayOutbox({ database, table: outbox, service: 'products', events, log }));
        const nudge = () => relay.nudge();
        const reservations = createReservations({ database, ttlS: config.reservation.ttlS, nudge, now });
        const served = await serveSubgraph<Context>(
          {
            name: 'products',
            schema: new URL('./schema.graphql', import.meta.url),
            resolvers,
            context: (caller) => ({ caller, products: createProductLoaders(database, now), database, nudge, now }),
            rest: (app, callerOf) => addRest(app, { database, reservations, callerOf, now }),
            ready: () => database.ping(),
            verifyToken: createVerifier(config),
          },
          { ...config.http, telemetry: config, log },
        );
        stack.add('server', served);
        stack.add('events', await followOrders({ events, reservations, log }));
        return { url: served.url, close: () => stack.close() };
      } catch (error) {
        await stack.close();
        throw error;
      }
    },
  };
}

/** Products by the clock of this machine. */
export const products = createProducts();
