import { and, asc, eq } from 'drizzle-orm';
import type { Query } from './query.ts';
import { webhook } from './tables.ts';

export type WebhookRow = Readonly<typeof webhook.$inferSelect>;

export async function insertWebhook(query: Query, row: Omit<WebhookRow, 'id'>): Promise<{ readonly id: string }> {
  const [inserted] = await query
    .insert(webhook)
    .values({ ...row, events: [...row.events] })
    .returning({ id: webhook.id });
  if (inserted === undefined) throw new Error('a webhook was not inserted');
  return inserted;
}

/** Of a graph, oldest first. */
export function listWebhooks(query: Query, graphId: string): Promise<readonly WebhookRow[]> {
  return query.select().from(webhook).where(eq(webhook.graphId, graphId)).orderBy(asc(webhook.createdAt));
}

/** With what waits to be delivered to it. @returns whether it was there */
export async function deleteWebhook(query: Query, graphId: string, id: string): Promise<boolean> {
  if (!/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(id)) return false;
  const rows = await query
    .delete(webhook)
    .where(and(eq(webhook.graphId, graphId), eq(webhook.id, id)))
    .returning({ id: webhook.id });
  return rows.length > 0;
}
