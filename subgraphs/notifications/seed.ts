import type { Database } from '../../service/database.ts';
import { demoId } from '../demo.ts';
import { DEMO_ORDERS, type DemoOrder } from '../demo-orders.ts';
import type { NewNotification } from './data.ts';
import { CANCELLED_MESSAGE, placedMessage } from './messages.ts';
import { notification } from './tables.ts';

const HOUR_MS = 3_600_000;
/** What is told of the newest orders, two of each user, was not read yet; the rest was, an hour later. */
const UNREAD_ORDERS = 40;

/** Adds what users were told of the demo orders, if there are no notifications yet. */
export async function seedNotifications({ query }: Database): Promise<void> {
  if ((await query.$count(notification)) > 0) return;
  const rows = DEMO_ORDERS.flatMap((order, index) =>
    toldOf(order).map((told) => ({
      ...told,
      readAt: index < UNREAD_ORDERS ? null : new Date(told.createdAt.getTime() + HOUR_MS),
    })),
  ).map((row, index) => ({ ...row, id: demoId('notification', index + 1) }));
  await query.insert(notification).values(rows).onConflictDoNothing();
}

/** One that was cancelled was placed before, an hour earlier. */
function toldOf({ id: orderId, userId, status, placedAt, lines, total }: DemoOrder): NewNotification[] {
  const placed: NewNotification = {
    eventId: `demo:order.placed:${orderId}`,
    userId,
    orderId,
    kind: 'ORDER_PLACED',
    message: placedMessage({ lines, total, currency: 'EUR' }),
    createdAt: placedAt,
  };
  if (status !== 'CANCELLED') return [placed];
  return [
    {
      ...placed,
      eventId: `demo:order.cancelled:${orderId}`,
      kind: 'ORDER_CANCELLED',
      message: CANCELLED_MESSAGE,
      createdAt: new Date(placedAt.getTime() + HOUR_MS),
    },
    placed,
  ];
}
