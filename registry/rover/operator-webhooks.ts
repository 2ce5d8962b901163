import { createWebhook, deleteWebhook, listWebhooks, type WebhookEventName } from '../webhook/webhooks.ts';
import type { Resolvers, WebhookEvent } from './generated.ts';
import { permit } from './permit.ts';

/** As they are stored and sent. */
const EVENTS: Readonly<Record<WebhookEvent, WebhookEventName>> = {
  VERSION_PUBLISHED: 'version.published',
  VERSION_ROLLED_BACK: 'version.rolledBack',
  CHECK_COMPLETED: 'check.completed',
};

/** Which URLs are told of what happens to a graph. */
export const operatorWebhooks = {
  Graph: {
    webhooks: async ({ id: graphId }, _arguments, context) => {
      const actor = await permit(context, 'admin', { graphId }, 'webhook.list');
      const webhooks = await listWebhooks(context, { graphId, actor });
      return webhooks.map(({ events, ...webhook }) => ({ ...webhook, events: toEvents(events) }));
    },
  },
  GraphMutation: {
    createWebhook: async ({ id: graphId }, { url, events, variant = null }, context) => {
      const actor = await permit(context, 'admin', { graphId }, 'webhook.create');
      const names = events.map((event) => EVENTS[event]);
      return createWebhook(context, { graphId, variant, url, events: names, actor });
    },
    deleteWebhook: async ({ id: graphId }, { id }, context) => {
      const actor = await permit(context, 'admin', { graphId }, 'webhook.delete');
      return deleteWebhook(context, { graphId, id, actor });
    },
  },
} satisfies Resolvers;

function toEvents(stored: readonly string[]): WebhookEvent[] {
  const names = Object.keys(EVENTS) as WebhookEvent[];
  return names.filter((name) => stored.includes(EVENTS[name]));
}
