import { sql } from 'drizzle-orm';
import { index, pgSchema, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { createOutbox } from '../outbox.ts';

/** The tables of notifications. Qualified by their schema, because services may share one database (architecture, §1). */
export const notifications = pgSchema('notifications');

/** Milliseconds, because a `Date` has no more. */
const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });

export const notification = notifications.table(
  'notification',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    /** The event that it tells of: what comes again makes no second one. */
    eventId: text('event_id').notNull().unique(),
    userId: uuid('user_id').notNull(),
    kind: text('kind', { enum: ['ORDER_PLACED', 'ORDER_CANCELLED'] }).notNull(),
    message: text('message').notNull(),
    orderId: uuid('order_id').notNull(),
    /** When it happened, which is what people look for; not when it was heard of here. */
    createdAt: instant('created_at').notNull(),
    readAt: instant('read_at'),
  },
  (table) => [
    index('notification_user').on(table.userId, table.createdAt, table.id),
    index('notification_unread').on(table.userId, table.createdAt, table.id).where(sql`${table.readAt} is null`),
  ],
);

/** The events of this service that are still to be told. */
export const outbox = createOutbox(notifications);
