import { sql } from 'drizzle-orm';
import { index, integer, jsonb, text, uuid } from 'drizzle-orm/pg-core';
import { instant } from './column.ts';
import { graph, registry } from './graph-tables.ts';

export const webhook = registry.table('webhook', {
  id: uuid('id').primaryKey().defaultRandom(),
  graphId: text('graph_id')
    .notNull()
    .references(() => graph.id, { onDelete: 'cascade' }),
  /** None: every variant. */
  variant: text('variant'),
  url: text('url').notNull(),
  /** Signs what is sent. It has to be kept as it is: whoever reads this table can sign. */
  secret: text('secret').notNull(),
  /** `version.published`, `check.completed`, `version.rolledBack` */
  events: text('events').array().notNull(),
  createdAt: instant('created_at').notNull(),
});

/** An event on its way to a webhook, written with the change it tells of. */
export const delivery = registry.table(
  'delivery',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    webhookId: uuid('webhook_id')
      .notNull()
      .references(() => webhook.id, { onDelete: 'cascade' }),
    event: text('event').notNull(),
    body: jsonb('body').notNull(),
    state: text('state', { enum: ['waiting', 'delivered', 'given up'] }).notNull(),
    attempts: integer('attempts').notNull().default(0),
    nextAttemptAt: instant('next_attempt_at').notNull(),
    /** What the last attempt came to: a status, or an error. */
    lastOutcome: text('last_outcome'),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [
    index('delivery_due').on(table.state, table.nextAttemptAt),
    index('delivery_of_webhook').on(table.webhookId, table.createdAt),
    // Those that are over are forgotten by their age.
    index('delivery_over').on(table.createdAt).where(sql`${table.state} <> 'waiting'`),
  ],
);
