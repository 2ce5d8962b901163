import { listDeliveries } from '../storage/deliveries.ts';
import { createWebhook, deleteWebhook, listWebhooks, WEBHOOK_EVENTS } from '../webhook/webhooks.ts';
import type { Resolvers, WebhookEvent } from './generated.ts';
import { permit } from './permit.ts';

const MOST_AT_ONCE = 200;

const STATES = { waiting: 'WAITING', delivered: 'DELIVERED', 'given up': 'GIVEN_UP' } as const;

/** Which URLs are told of what happens to a graph. */
export const operatorWebhooks = {
  Graph: {
    webhooks: async ({ id: graphId }, _arguments, context) => {
      const actor = await permit(context, 'admin', { graphId }, 'webhook.list');
      const webhooks = await listWebhooks(context, { graphId, actor });
      return webhooks.map(({ events, ...webhook }) => ({ ...webhook, events: toEvents(events) }));
    },
  },
  Webhook: {
    deliveries: async ({ id }, { first }, { database }) => {
      const deliveries = await listDeliveries(database.query, id, Math.min(Math.max(first, 0), MOST_AT_ONCE));
      return deliveries.map(({ state, nextAttemptAt, ...delivery }) => ({
        ...delivery,
        ...{ state: STATES[state], nextAttemptAt: state === 'waiting' ? nextAttemptAt : null },
      }));
    },
  },
  GraphMutation: {
    createWebhook: async ({ id: graphId }, { url, events, variant = null }, context) => {
      const actor = await permit(context, 'admin', { graphId }, 'webhook.create');
      const names = events.map((event) => WEBHOOK_EVENTS[event]);
      return createWebhook(context, { graphId, variant, url, events: names, actor });
    },
    deleteWebhook: async ({ id: graphId }, { id }, context) => {
      const actor = await permit(context, 'admin', { graphId }, 'webhook.delete');
      return deleteWebhook(context, { graphId, id, actor });
    },
  },
} satisfies Resolvers;

function toEvents(stored: readonly string[]): WebhookEvent[] {
  const names = Object.keys(WEBHOOK_EVENTS) as WebhookEvent[];
  return names.filter((name) => stored.includes(WEBHOOK_EVENTS[name]));
}
