import { randomBytes } from 'node:crypto';
import type { Database } from '../../service/database.ts';
import { audit } from '../access/audit.ts';
import { demand, type Principal } from '../access/principal.ts';
import { RegistryError } from '../errors.ts';
import { readGraph } from '../storage/graphs.ts';
import { reaching } from '../storage/unavailable.ts';
import { readVariant } from '../storage/variants.ts';
import {
  deleteWebhook as deleteRow,
  insertWebhook,
  listWebhooks as listRows,
  type WebhookRow,
} from '../storage/webhooks.ts';

/** What a webhook can be told of: as it is asked for, and as it is stored and sent. */
export const WEBHOOK_EVENTS = {
  VERSION_PUBLISHED: 'version.published',
  VERSION_ROLLED_BACK: 'version.rolledBack',
  CHECK_COMPLETED: 'check.completed',
} as const;
export type WebhookEventName = (typeof WEBHOOK_EVENTS)[keyof typeof WEBHOOK_EVENTS];

export interface WebhookInput {
  readonly graphId: string;
  /** `null`: every variant. */
  readonly variant: string | null;
  readonly url: string;
  readonly events: readonly WebhookEventName[];
  readonly actor: Principal;
}

/** A webhook as it is shown: its secret is shown once, when it is made. */
export type ListedWebhook = Omit<WebhookRow, 'secret'>;

interface Webhooks {
  readonly database: Database;
  readonly now: () => Date;
}

/**
 * Makes a webhook: a URL that is told of events, signed with the secret (see `sign.ts`).
 *
 * The registry then calls that URL, wherever it is: inside a network is where most are. So that is for administrators alone, no
 * redirect is followed, and of an answer nothing is kept but its status.
 *
 * @returns the secret, which is shown this once
 * @throws {RegistryError} ACCESS_DENIED, GRAPH_UNKNOWN, VARIANT_UNKNOWN, BAD_REQUEST, DATABASE_UNAVAILABLE
 */
export function createWebhook(
  { database, now }: Webhooks,
  { graphId, variant, url, events, actor }: WebhookInput,
): Promise<{ readonly id: string; readonly secret: string }> {
  return reaching(async () => {
    demandAdmin(actor, graphId, variant);
    checkUrl(url);
    if (events.length === 0)
      throw new RegistryError(
        'BAD_REQUEST',
        `A webhook needs events out of ${Object.keys(WEBHOOK_EVENTS).join(', ')}.`,
      );
    const secret = `whsec_${randomBytes(32).toString('base64')}`;
    return database.query.transaction(async (transaction) => {
      if ((await readGraph(transaction, graphId)) === undefined)
        throw new RegistryError('GRAPH_UNKNOWN', `There is no graph "${graphId}".`);
      if (variant !== null && (await readVariant(transaction, graphId, variant)) === undefined)
        throw new RegistryError(
          'VARIANT_UNKNOWN',
          `${graphId} has no variant "${variant}". Publish to it first, or leave the variant out to hear of all.`,
        );
      const row = { graphId, variant, url, secret, events: [...new Set(events)], createdAt: now() };
      const { id } = await insertWebhook(transaction, row);
      const details = { id, url: new URL(url).origin, events };
      const deed = { actor: actor.name, action: 'webhook.create', graphId, variant, outcome: 'done', details };
      await audit(transaction, deed, now());
      return { id, secret };
    });
  });
}

/** Those of a graph, oldest first. @throws {RegistryError} ACCESS_DENIED, DATABASE_UNAVAILABLE */
export async function listWebhooks(
  { database }: Webhooks,
  { graphId, actor }: Pick<WebhookInput, 'graphId' | 'actor'>,
): Promise<readonly ListedWebhook[]> {
  demandAdmin(actor, graphId, null);
  const rows = await reaching(() => listRows(database.query, graphId));
  return rows.map(({ secret: _, ...row }) => row);
}

/**
 * With what waits to be told.
 *
 * @returns whether it was there
 * @throws {RegistryError} ACCESS_DENIED, DATABASE_UNAVAILABLE
 */
export function deleteWebhook(
  { database, now }: Webhooks,
  { graphId, id, actor }: Pick<WebhookInput, 'graphId' | 'actor'> & { readonly id: string },
): Promise<boolean> {
  return reaching(async () => {
    demandAdmin(actor, graphId, null);
    return database.query.transaction(async (transaction) => {
      const wasThere = await deleteRow(transaction, graphId, id);
      const common = { actor: actor.name, action: 'webhook.delete', graphId, variant: null };
      if (wasThere) await audit(transaction, { ...common, outcome: 'done', details: { id } }, now());
      return wasThere;
    });
  });
}

/** @throws {RegistryError} ACCESS_DENIED */
function demandAdmin(actor: Principal, graphId: string, variant: string | null): void {
  demand(actor, 'admin', { graphId, ...(variant === null ? {} : { variant }) });
}

/** @throws {RegistryError} BAD_REQUEST */
function checkUrl(url: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol) || url.length > 2_000)
    throw new RegistryError(
      'BAD_REQUEST',
      'A webhook needs an address to call: http://… or https://…, 2000 characters at most.',
    );
  if (parsed.username !== '' || parsed.password !== '')
    throw new RegistryError(
      'BAD_REQUEST',
      'The address of a webhook has no user and password: what it is told is signed.',
    );
}
