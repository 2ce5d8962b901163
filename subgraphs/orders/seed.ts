import type { Database } from '../../service/database.ts';
import { DEMO_ORDERS } from '../demo-orders.ts';
import { order, orderLine } from './tables.ts';

/** Fills an empty table with the demo orders. They tell no event: notifications seeds what it would have heard. */
export async function seedOrders({ query }: Database): Promise<void> {
  await query.transaction(async (transaction) => {
    const [any] = await transaction.select({ id: order.id }).from(order).limit(1);
    if (any !== undefined) return;
    const rows = DEMO_ORDERS.map(({ lines: _, ...fields }) => ({ ...fields, currency: 'EUR' }));
    await transaction.insert(order).values(rows).onConflictDoNothing();
    const lines = DEMO_ORDERS.flatMap(({ id: orderId, lines }) => lines.map((line) => ({ ...line, orderId })));
    await transaction.insert(orderLine).values(lines).onConflictDoNothing();
  });
}
