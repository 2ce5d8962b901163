import { type SQL, sql } from 'drizzle-orm';
import { product, reservation, reservationLine, stock } from './tables.ts';

/**
 * How many of a product can still be had, as a part of a query on `product` joined with `stock`: what is on the shelf less what
 * is held. A hold that has expired no longer counts, from that moment and without anybody sweeping it away.
 */
export function available(now: Date): SQL<number> {
  const held = sql`select sum(${reservationLine.quantity}) from ${reservationLine}
    join ${reservation} on ${reservation.orderKey} = ${reservationLine.orderKey}
    where ${reservationLine.productId} = ${product.id}
      and ${reservation.state} = 'held' and ${reservation.expiresAt} > ${now.toISOString()}::timestamptz`;
  return sql<number>`(${stock.onHand} - coalesce((${held}), 0))`.mapWith(Number);
}
