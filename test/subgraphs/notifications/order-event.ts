import { randomUUID } from 'node:crypto';
import type { DomainEvent } from '../../../service/events.ts';
import { demoId } from '../../../subgraphs/demo.ts';

/** Whose order, and when; the rest can be anything. */
export interface HappenedToOrder {
  readonly userId: string;
  readonly orderId?: string;
  readonly occurredAt?: string;
}

/** Two gears and an axle were ordered. */
export function orderPlaced(order: HappenedToOrder): DomainEvent {
  const lines = [
    { productId: demoId('product', 1), quantity: 2 },
    { productId: demoId('product', 2), quantity: 1 },
  ];
  return happened('order.placed', order, { lines, total: '33.90', currency: 'EUR' });
}

export function orderCancelled(order: HappenedToOrder): DomainEvent {
  return happened('order.cancelled', order, {});
}

function happened(
  type: string,
  { userId, orderId = randomUUID(), occurredAt = new Date().toISOString() }: HappenedToOrder,
  more: Readonly<Record<string, unknown>>,
): DomainEvent {
  return { id: randomUUID(), type, occurredAt, data: { orderId, orderKey: randomUUID(), userId, ...more } };
}
