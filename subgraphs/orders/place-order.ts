import { randomUUID } from 'node:crypto';
import { asc, eq, sql } from 'drizzle-orm';
import type { Database } from '../../service/database.ts';
import { codedError } from '../errors.ts';
import { writeInvalidations } from '../outbox.ts';
import { orderById, ordersOfUser } from './cache-tags.ts';
import type { WantedLine } from './order-lines.ts';
import type { OrderSource } from './sources.ts';
import type { ReservedLine, Stock } from './stock.ts';
import { order, orderLine, outbox } from './tables.ts';

export interface PlaceOrderOptions {
  readonly database: Database;
  readonly stock: Stock;
  /** Tells the relay of the outbox that there is something. */
  readonly nudge: () => void;
  readonly now: () => Date;
}

export interface NewOrder {
  readonly id: string;
  readonly userId: string;
  readonly lines: readonly WantedLine[];
}

/**
 * Places an order: sets its stock aside, then writes the order and its event in one transaction. It can end between any two
 * steps, and be begun again with the same id: the reservation is the same, the order is written once, and an order that is never
 * written leaves a reservation that expires by itself. (So nothing is released when the transaction fails: whether it was
 * committed may not be known, and the customer may try again.)
 *
 * @throws a coded CONFLICT for an id that stands for other lines, and what `Stock.reserve` throws
 */
export async function placeOrder(options: PlaceOrderOptions, wanted: NewOrder): Promise<OrderSource> {
  const { database, stock, nudge } = options;
  const placed = await findPlaced(database, wanted);
  if (placed !== undefined) return placed;

  const lines = await stock.reserve(wanted.id, wanted.lines);
  const currencies = new Set(lines.map(({ currency }) => currency));
  const [currency] = currencies;
  if (currency === undefined || currencies.size > 1) {
    await stock.release(wanted.id);
    throw codedError(
      'BAD_USER_INPUT',
      `An order must be in one currency; these products are in ${[...currencies].join(' and ')}.`,
      { argument: 'lines' },
    );
  }

  const written = await write(options, wanted, lines, currency);
  nudge();
  // Somebody wrote it at the same moment: the same order, if it has the same lines.
  const result = written ?? (await findPlaced(database, wanted));
  if (result === undefined) throw new Error(`order ${wanted.id} was neither written nor found`);
  return result;
}

/** @returns `undefined` when there is such an order already */
function write(
  { database, now }: PlaceOrderOptions,
  { id, userId }: NewOrder,
  lines: readonly ReservedLine[],
  currency: string,
): Promise<OrderSource | undefined> {
  return database.query.transaction(async (transaction) => {
    const amounts = lines.map(({ quantity, unitPrice }) => sql`${quantity}::integer * ${unitPrice}::numeric`);
    const [row] = await transaction
      .insert(order)
      .values({ id, userId, status: 'PLACED', placedAt: now(), total: sql`${sql.join(amounts, sql` + `)}`, currency })
      .onConflictDoNothing()
      .returning();
    if (row === undefined) return undefined;
    await transaction
      .insert(orderLine)
      .values(lines.map(({ productId, quantity, unitPrice }) => ({ orderId: id, productId, quantity, unitPrice })));
    await writeInvalidations(transaction, outbox, [ordersOfUser(userId), orderById(id)], row.placedAt);
    await transaction.insert(outbox).values({
      id: randomUUID(),
      type: 'order.placed',
      occurredAt: row.placedAt,
      data: {
        orderId: id,
        orderKey: id,
        userId,
        lines: lines.map(({ productId, quantity }) => ({ productId, quantity })),
        total: row.total,
        currency,
      },
    });
    return row;
  });
}

async function findPlaced({ query }: Database, { id, lines }: NewOrder): Promise<OrderSource | undefined> {
  const [found] = await query.select().from(order).where(eq(order.id, id));
  if (found === undefined) return undefined;
  const existing = await query
    .select({ productId: orderLine.productId, quantity: orderLine.quantity })
    .from(orderLine)
    .where(eq(orderLine.orderId, id))
    .orderBy(asc(orderLine.productId));
  if (JSON.stringify(existing) === JSON.stringify(lines.map(({ productId, quantity }) => ({ productId, quantity }))))
    return found;
  throw codedError('CONFLICT', 'This idempotency key was used for another order; take a new one.', {
    argument: 'idempotencyKey',
  });
}
