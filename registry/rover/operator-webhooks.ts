import { randomBytes } from 'node:crypto';
import { audit } from '../access/audit.ts';
import { RegistryError } from '../errors.ts';
import { deleteWebhook, insertWebhook, listWebhooks } from '../storage/webhooks.ts';
import type { Resolvers, WebhookEvent } from './generated.ts';
import { permit } from './permit.ts';

/** As they are stored and sent. */
const EVENTS: Readonly<Record<WebhookEvent, string>> = {
  VERSION_PUBLISHED: 'version.published',
  VERSION_ROLLED_BACK: 'version.rolledBack',
  CHECK_COMPLETED: 'check.completed',
};

/** Which URLs are told of what happens to a graph. */
export const operatorWebhooks = {
  Graph: {
    webhooks: async ({ id: graphId }, _arguments, context) => {
      await permit(context, 'admin', { graphId }, 'webhook.list');
      return (await listWebhooks(context.database.query, graphId)).map(({ events, ...webhook }) => ({
        ...webhook,
        events: toEvents(events),
      }));
    },
  },
  GraphMutation: {
    createWebhook: async ({ id: graphId }, { url, events, variant = null }, context) => {
      const actor = await permit(context, 'admin', { graphId }, 'webhook.create');
      checkUrl(url);
      const { database, now } = context;
      const secret = randomBytes(32).toString('base64url');
      const row = { graphId, variant, url, secret, events: events.map((event) => EVENTS[event]), createdAt: now() };
      return database.query.transaction(async (transaction) => {
        const { id } = await insertWebhook(transaction, row);
        await audit(
          transaction,
          {
            ...{ actor: actor.name, action: 'webhook.create', graphId, variant },
            ...{ outcome: 'done', details: { id, url, events } },
          },
          now(),
        );
        return { id, secret };
      });
    },
    deleteWebhook: async ({ id: graphId }, { id }, context) => {
      const actor = await permit(context, 'admin', { graphId }, 'webhook.delete');
      const { database, now } = context;
      return database.query.transaction(async (transaction) => {
        const wasThere = await deleteWebhook(transaction, graphId, id);
        await audit(
          transaction,
          {
            ...{ actor: actor.name, action: 'webhook.delete', graphId, variant: null },
            ...{ outcome: 'done', details: { id, wasThere } },
          },
          now(),
        );
        return wasThere;
      });
    },
  },
} satisfies Resolvers;

/** @throws {RegistryError} BAD_REQUEST */
function checkUrl(url: string): void {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return;
  throw new RegistryError('BAD_REQUEST', `"${url}" is not an address to call: http://… or https://….`);
}

function toEvents(stored: readonly string[]): WebhookEvent[] {
  const names = Object.keys(EVENTS) as WebhookEvent[];
  return names.filter((name) => stored.includes(EVENTS[name]));
}
