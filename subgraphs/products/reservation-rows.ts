import { and, asc, eq, inArray, lt, ne, sql } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import { isUuid } from '../uuid.ts';
import { available } from './availability.ts';
import type { WantedLine } from './reservation-lines.ts';
import { product, reservation, reservationLine, stock } from './tables.ts';

/** The statements that reservations are made of. Whoever runs several of them does so in one transaction. */
export type Transaction = Parameters<Parameters<NodePgDatabase['transaction']>[0]>[0];

export type ReservationRow = typeof reservation.$inferSelect;

/** One product of a reservation, at the price it was reserved for. */
export interface ReservedLine extends WantedLine {
  readonly sku: string;
  readonly unitPrice: string;
  readonly currency: string;
}

/** A product whose stock is locked. */
export interface LockedProduct {
  readonly id: string;
  readonly sku: string;
  readonly price: string;
  readonly currency: string;
  readonly available: number;
}

/** Locks the reservation of a key and returns it as it is; puts `row` there first when there is none. */
export async function claim(transaction: Transaction, row: ReservationRow): Promise<ReservationRow> {
  const [claimed] = await transaction
    .insert(reservation)
    .values(row)
    // Changes nothing, but waits for and locks what is there, in one statement.
    .onConflictDoUpdate({ target: reservation.orderKey, set: { orderKey: row.orderKey } })
    .returning();
  return claimed ?? row;
}

/** The lines of a reservation, by product id. */
export async function readLines(transaction: Transaction, orderKey: string): Promise<ReservedLine[]> {
  return transaction
    .select({
      productId: reservationLine.productId,
      sku: product.sku,
      quantity: reservationLine.quantity,
      unitPrice: reservationLine.unitPrice,
      currency: reservationLine.currency,
    })
    .from(reservationLine)
    .innerJoin(product, eq(product.id, reservationLine.productId))
    .where(eq(reservationLine.orderKey, orderKey))
    .orderBy(asc(reservationLine.productId));
}

/** Adds lines at the present prices. */
export async function addLines(
  transaction: Transaction,
  orderKey: string,
  lines: readonly WantedLine[],
  products: ReadonlyMap<string, LockedProduct>,
): Promise<void> {
  const rows = lines.flatMap(({ productId, quantity }) => {
    const found = products.get(productId);
    return found === undefined
      ? []
      : { orderKey, productId, quantity, unitPrice: found.price, currency: found.currency };
  });
  if (rows.length > 0) await transaction.insert(reservationLine).values(rows);
}

/** Locks the stock of products, in the order of their ids, and tells what is there; what is no product is not in the result. */
export async function lockProducts(
  transaction: Transaction,
  lines: readonly Pick<WantedLine, 'productId'>[],
  now: Date,
): Promise<ReadonlyMap<string, LockedProduct>> {
  const ids = lines.map(({ productId }) => productId).filter(isUuid);
  if (ids.length === 0) return new Map();
  await transaction
    .select({ productId: stock.productId })
    .from(stock)
    .where(inArray(stock.productId, ids))
    .orderBy(asc(stock.productId))
    .for('update');
  // A statement of its own: it sees what was reserved by those whom the lock made us wait for.
  return readProducts(transaction, ids, now);
}

/** What there is of these products, by id. */
export async function readProducts(
  transaction: Transaction,
  ids: readonly string[],
  now: Date,
): Promise<ReadonlyMap<string, LockedProduct>> {
  if (ids.length === 0) return new Map();
  const rows = await transaction
    .select({
      id: product.id,
      sku: product.sku,
      price: product.price,
      currency: product.currency,
      available: available(now),
    })
    .from(product)
    .innerJoin(stock, eq(stock.productId, product.id))
    .where(inArray(product.id, [...ids]));
  return new Map(rows.map((row) => [row.id, row]));
}

/** Puts lines back on the shelf (1) or takes them off it (-1). Lock them before. */
export async function moveStock(transaction: Transaction, orderKey: string, direction: 1 | -1): Promise<void> {
  await transaction
    .update(stock)
    .set({ onHand: sql`${stock.onHand} + ${direction} * ${reservationLine.quantity}` })
    .from(reservationLine)
    .where(and(eq(reservationLine.orderKey, orderKey), eq(reservationLine.productId, stock.productId)));
}

/** Deletes some reservations that ended before a moment, leaving alone those in use. */
export async function forgetSome(query: NodePgDatabase, endedBefore: Date): Promise<void> {
  const forgotten = query
    .select({ orderKey: reservation.orderKey })
    .from(reservation)
    .where(and(ne(reservation.state, 'committed'), lt(reservation.expiresAt, endedBefore)))
    .limit(100)
    .for('update', { skipLocked: true });
  await query.delete(reservation).where(inArray(reservation.orderKey, forgotten));
}
