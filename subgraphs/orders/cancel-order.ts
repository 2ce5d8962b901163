import { randomUUID } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import type { Database } from '../../service/database.ts';
import { writeInvalidations } from '../outbox.ts';
import { ordersOfUser } from './cache-tags.ts';
import type { OrderSource } from './sources.ts';
import { order, outbox } from './tables.ts';

/**
 * Cancels an order that is placed; its events, by which products gives the stock back and caches forget it, are written in the
 * same transaction.
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
    const changed = { kind: 'entity', subgraph: 'orders', type: 'Order', key: { id: row.id } } as const;
    await writeInvalidations(transaction, outbox, [changed, ordersOfUser(row.userId)], now);
    const data = { orderId: row.id, orderKey: row.id, userId: row.userId };
    await transaction.insert(outbox).values({ id: randomUUID(), type: 'order.cancelled', occurredAt: now, data });
    return row;
  });
}
