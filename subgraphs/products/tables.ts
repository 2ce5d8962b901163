import { sql } from 'drizzle-orm';
import {
  bigint,
  check,
  index,
  integer,
  numeric,
  pgSchema,
  primaryKey,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core';
import { createOutbox } from '../outbox.ts';

/** The tables of products. Qualified by their schema, because services may share one database (architecture, §1). */
export const products = pgSchema('products');

export const product = products.table(
  'product',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    sku: text('sku').notNull().unique(),
    name: text('name').notNull(),
    description: text('description').notNull(),
    /** Exact, with as many decimals as it was written with. */
    price: numeric('price').notNull(),
    /** ISO 4217 */
    currency: text('currency').notNull(),
  },
  (table) => [
    index('product_name').on(table.name, table.id),
    check('product_price_positive', sql`${table.price} >= 0`),
    check('product_currency_code', sql`${table.currency} ~ '^[A-Z]{3}$'`),
  ],
);

/** How many are on the shelf: those that are reserved but not sold are among them. Its row is the lock on a product. */
export const stock = products.table('stock', {
  productId: uuid('product_id')
    .primaryKey()
    .references(() => product.id, { onDelete: 'cascade' }),
  /** Below zero when more was sold than was there: an order that was placed after its reservation had expired. */
  onHand: bigint('on_hand', { mode: 'number' }).notNull(),
});

/**
 * Something set aside for an order. `held` counts against the stock until it expires; `committed` was taken off the shelf;
 * `released` is the end, whatever came before, and stays for a while so that what comes late finds it.
 */
export const reservation = products.table(
  'reservation',
  {
    orderKey: text('order_key').primaryKey(),
    state: text('state', { enum: ['held', 'committed', 'released'] }).notNull(),
    expiresAt: timestamp('expires_at', { withTimezone: true, precision: 3 }).notNull(),
    /** SHA-256 of the lines that were asked for; null where none were: a release before the reservation. */
    requestHash: text('request_hash'),
  },
  (table) => [index('reservation_expires_at').on(table.expiresAt).where(sql`${table.state} <> 'committed'`)],
);

export const reservationLine = products.table(
  'reservation_line',
  {
    orderKey: text('order_key')
      .notNull()
      .references(() => reservation.orderKey, { onDelete: 'cascade' }),
    productId: uuid('product_id')
      .notNull()
      .references(() => product.id),
    quantity: integer('quantity').notNull(),
    /** As it was when it was reserved: what the customer is promised. */
    unitPrice: numeric('unit_price').notNull(),
    currency: text('currency').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.orderKey, table.productId] }),
    index('reservation_line_product').on(table.productId),
    check('reservation_line_quantity_positive', sql`${table.quantity} > 0`),
  ],
);

/** The events of this service that are still to be told. */
export const outbox = createOutbox(products);
