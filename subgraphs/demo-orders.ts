import { DEMO_PRODUCTS, DEMO_USERS, demoId } from './demo.ts';

/** An order of the demo data: what orders seeds, and what notifications tells of. */
export interface DemoOrder {
  readonly id: string;
  readonly userId: string;
  readonly status: 'PLACED' | 'CANCELLED';
  readonly placedAt: Date;
  readonly lines: readonly { readonly productId: string; readonly quantity: number; readonly unitPrice: string }[];
  /** In euro, with two decimals. */
  readonly total: string;
}

const NEWEST = Date.UTC(2026, 10, 20, 12);
const HOURS_APART = 7;

/** A hundred orders, spread evenly over the users, the newest first; each thirteenth was cancelled. */
export const DEMO_ORDERS: readonly DemoOrder[] = Array.from({ length: 100 }, (_, index) => {
  const number = index + 1;
  const lines = Array.from({ length: 1 + (index % 3) }, (_, line) => {
    const product = DEMO_PRODUCTS[(index * 7 + line * 11) % DEMO_PRODUCTS.length];
    return { productId: product?.id ?? '', quantity: 1 + ((index + line) % 3), unitPrice: product?.price ?? '0.00' };
  });
  return {
    id: demoId('order', number),
    userId: DEMO_USERS[index % DEMO_USERS.length]?.id ?? '',
    status: number % 13 === 0 ? 'CANCELLED' : 'PLACED',
    placedAt: new Date(NEWEST - index * HOURS_APART * 3_600_000),
    lines,
    total: totalOf(lines),
  };
});

/** In cents, because sums of floats are not sums of money. */
function totalOf(lines: readonly { readonly quantity: number; readonly unitPrice: string }[]): string {
  const cents = lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * Number(unitPrice.replace('.', '')), 0);
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
}
