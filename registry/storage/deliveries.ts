import { and, arrayContains, asc, desc, eq, isNull, lt, lte, ne, notInArray, or, sql } from 'drizzle-orm';
import type { Query } from './query.ts';
import { delivery, webhook } from './tables.ts';

export type DeliveryRow = Readonly<typeof delivery.$inferSelect>;

/** What is to be told, and of which variant. */
export interface WebhookEvent {
  readonly graphId: string;
  readonly variant: string;
  readonly event: string;
  readonly body: unknown;
  readonly now: Date;
}

/** Within a transaction: writes down that everybody who wants to hear of it is to be told. */
export async function insertDeliveries(
  query: Query,
  { graphId, variant, event, body, now }: WebhookEvent,
): Promise<void> {
  const hooks = await query
    .select({ id: webhook.id })
    .from(webhook)
    .where(
      and(
        eq(webhook.graphId, graphId),
        or(isNull(webhook.variant), eq(webhook.variant, variant)),
        arrayContains(webhook.events, [event]),
      ),
    )
    // One that is deleted meanwhile must not make what it is told of fail.
    .for('key share');
  if (hooks.length === 0) return;
  const common = { event, body, state: 'waiting', nextAttemptAt: now, createdAt: now } as const;
  await query.insert(delivery).values(hooks.map(({ id }) => ({ ...common, webhookId: id })));
}

/** A delivery that somebody has in hand, and where to. */
export interface ClaimedDelivery extends Pick<DeliveryRow, 'id' | 'webhookId' | 'body' | 'attempts'> {
  readonly url: string;
  readonly secret: string;
}

/**
 * Takes the delivery that is due longest in hand, for one more attempt. Nobody else takes it before `until`: whoever dies with it
 * is replaced then.
 *
 * @param busy webhooks to leave out
 */
export async function claimDelivery(
  query: Query,
  { now, until, busy }: { readonly now: Date; readonly until: Date; readonly busy: readonly string[] },
): Promise<ClaimedDelivery | undefined> {
  const due = query
    .select({ id: delivery.id })
    .from(delivery)
    .where(
      and(
        eq(delivery.state, 'waiting'),
        lte(delivery.nextAttemptAt, now),
        busy.length === 0 ? undefined : notInArray(delivery.webhookId, [...busy]),
      ),
    )
    .orderBy(asc(delivery.nextAttemptAt))
    .limit(1)
    .for('update', { skipLocked: true });
  const [claimed] = await query
    .update(delivery)
    .set({ nextAttemptAt: until, attempts: sql`${delivery.attempts} + 1` })
    .from(webhook)
    .where(and(eq(delivery.id, sql`(${due})`), eq(webhook.id, delivery.webhookId)))
    .returning({
      ...{ id: delivery.id, webhookId: delivery.webhookId, body: delivery.body, attempts: delivery.attempts },
      ...{ url: webhook.url, secret: webhook.secret },
    });
  return claimed;
}

/** Writes down what an attempt came to, unless somebody else has the delivery in hand by now. */
export async function settleDelivery(
  query: Query,
  { id, attempts }: Pick<DeliveryRow, 'id' | 'attempts'>,
  outcome: Partial<Pick<DeliveryRow, 'state' | 'nextAttemptAt' | 'lastOutcome' | 'attempts'>>,
): Promise<void> {
  await query
    .update(delivery)
    .set(outcome)
    .where(and(eq(delivery.id, id), eq(delivery.attempts, attempts)));
}

/** What was, or is to be, delivered to a webhook, newest first. */
export function listDeliveries(query: Query, webhookId: string, limit: number): Promise<readonly DeliveryRow[]> {
  return query
    .select()
    .from(delivery)
    .where(eq(delivery.webhookId, webhookId))
    .orderBy(desc(delivery.createdAt))
    .limit(limit);
}

/** Those that are over, and older. */
export async function forgetDeliveries(query: Query, before: Date): Promise<void> {
  await query.delete(delivery).where(and(ne(delivery.state, 'waiting'), lt(delivery.createdAt, before)));
}
