import { randomUUID } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import type { Database } from '../../service/database.ts';
import type { OrderSource } from './sources.ts';
import { order, outbox } from './tables.ts';

/**
 * Cancels an order that is placed; its event, by which products gives the stock back, is written in the same transaction.
 *
 * @returns `undefined` when it is not placed any more
 */
export function cancelOrder({ query }: Database, id: string, now: Date): Promise<OrderSource | undefined> {
  return query.transaction(async (transaction) => {
    const [row] = await transaction
      .update(order)
      .set({ status: 'CANCELLED' })
      .where(and(eq(order.id, id), eq(order.status, 'PLACED')))
      .returning();
    if (row === undefined) return undefined;
    const data = { orderId: row.id, orderKey: row.id, userId: row.userId };
    await transaction.insert(outbox).values({ id: randomUUID(), type: 'order.cancelled', occurredAt: now, data });
    return row;
  });
}
