import { index, integer, numeric, pgSchema, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { createOutbox } from '../outbox.ts';

/** The tables of orders. Qualified by their schema, because services may share one database (architecture, §1). */
export const orders = pgSchema('orders');

/** Milliseconds, because a `Date` has no more. */
const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });

export const order = orders.table(
  'order',
  {
    /** Made of the user and the client's key, so that one key is one order; also the key of the reservation. */
    id: uuid('id').primaryKey(),
    userId: uuid('user_id').notNull(),
    status: text('status', { enum: ['PLACED', 'CANCELLED'] }).notNull(),
    placedAt: instant('placed_at').notNull(),
    /** Exact, with as many decimals as the prices have. */
    total: numeric('total').notNull(),
    currency: text('currency').notNull(),
  },
  (table) => [
    index('order_user').on(table.userId, table.placedAt, table.id),
    index('order_user_status').on(table.userId, table.status, table.placedAt, table.id),
  ],
);

export const orderLine = orders.table(
  'order_line',
  {
    orderId: uuid('order_id')
      .notNull()
      .references(() => order.id),
    productId: uuid('product_id').notNull(),
    quantity: integer('quantity').notNull(),
    unitPrice: numeric('unit_price').notNull(),
  },
  (table) => [primaryKey({ columns: [table.orderId, table.productId] })],
);

/** The events of this service that are still to be told. */
export const outbox = createOutbox(orders);
