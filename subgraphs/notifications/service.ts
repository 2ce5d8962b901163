import { relayOutbox } from '../../service/outbox.ts';
import { ClosingStack } from '../../service/run.ts';
import { serveSubgraph } from '../server.ts';
import { createVerifier, type Service, serviceConfig } from '../service.ts';
import { createNotificationLoaders } from './data.ts';
import { followOrders } from './order-events.ts';
import { type Context, resolvers } from './resolvers.ts';
import { addRest } from './rest.ts';
import { seedNotifications } from './seed.ts';
import { outbox } from './tables.ts';

/** The options of notifications: those that every subgraph has. */
const notificationsConfig = serviceConfig(4104);

/** What users are told of their orders. @param now the clock by which they read it */
export function createNotifications(now: () => Date = () => new Date()): Service<typeof notificationsConfig> {
  return {
    name: 'notifications',
    config: notificationsConfig,
    async start({ config, database, events, log }) {
      if (config.seed === 'demo') await seedNotifications(database);

      const stack = new ClosingStack();
      try {
        const relay = stack.add(
          'outbox',
          relayOutbox({ database, table: outbox, service: 'notifications', events, log }),
        );
        const nudge = () => relay.nudge();
        const served = await serveSubgraph<Context>(
          {
            name: 'notifications',
            schema: new URL('./schema.graphql', import.meta.url),
            resolvers,
            context: (caller) => ({ caller, notifications: createNotificationLoaders(database), database, nudge, now }),
            rest: (app, callerOf) => addRest(app, { database, callerOf }),
            ready: () => database.ping(),
            verifyToken: createVerifier(config),
          },
          { ...config.http, telemetry: config, log },
        );
        stack.add('server', served);
        stack.add('events', await followOrders({ events, database, log, nudge, now }));
        return { url: served.url, close: () => stack.close() };
      } catch (error) {
        await stack.close();
        throw error;
      }
    },
  };
}

/** Notifications by the clock of this machine. */
export const notifications = createNotifications();
