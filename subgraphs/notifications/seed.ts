import type { Database } from '../../service/database.ts';
import { DEMO_PRODUCTS, DEMO_USERS, demoId } from '../demo.ts';
import { placedMessage } from './messages.ts';
import { notification } from './tables.ts';

/** An order of the demo data that its user was told of. */
interface Told {
  readonly order: number;
  readonly lines: readonly { readonly product: number; readonly quantity: number }[];
  readonly isRead: boolean;
}

const HOUR_MS = 3_600_000;
/** When the newest of the demo orders, number 1, was placed. The others were, one every seven hours, before it. */
const NEWEST = Date.UTC(2026, 10, 20, 12);

/** The first five are Ada's. Order n is that of user n, and after the last user it is the first one's turn again. */
const TOLD: readonly Told[] = [
  { order: 1, lines: [{ product: 1, quantity: 2 }], isRead: false },
  { order: 21, lines: [{ product: 20, quantity: 1 }], isRead: false },
  { order: 41, lines: [{ product: 3, quantity: 3 }], isRead: true },
  { order: 61, lines: [{ product: 28, quantity: 2 }], isRead: true },
  { order: 81, lines: [{ product: 40, quantity: 1 }], isRead: true },
  { order: 2, lines: [{ product: 5, quantity: 10 }], isRead: false },
  { order: 22, lines: [{ product: 39, quantity: 1 }], isRead: true },
  { order: 3, lines: [{ product: 37, quantity: 1 }], isRead: false },
  { order: 20, lines: [{ product: 27, quantity: 1 }], isRead: false },
];

/** Adds the demo notifications, if there are no notifications yet. */
export async function seedNotifications({ query }: Database): Promise<void> {
  if ((await query.$count(notification)) > 0) return;
  const rows = TOLD.map(({ order, lines, isRead }, index) => {
    const placedAt = NEWEST - (order - 1) * 7 * HOUR_MS;
    return {
      id: demoId('notification', index + 1),
      eventId: `demo:order.placed:${order}`,
      userId: demoId('user', ((order - 1) % DEMO_USERS.length) + 1),
      kind: 'ORDER_PLACED' as const,
      message: placedMessage({ lines, total: totalOf(lines), currency: 'EUR' }),
      orderId: demoId('order', order),
      createdAt: new Date(placedAt),
      readAt: isRead ? new Date(placedAt + HOUR_MS) : null,
    };
  });
  await query.insert(notification).values(rows).onConflictDoNothing();
}

/** In cents meanwhile: floats do not add up. */
function totalOf(lines: Told['lines']): string {
  const cents = lines.reduce(
    (sum, { product, quantity }) => sum + quantity * Number(DEMO_PRODUCTS[product - 1]?.price.replace('.', '')),
    0,
  );
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
}
