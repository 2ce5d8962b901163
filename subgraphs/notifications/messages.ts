/** What a placed order comes to. */
export interface PlacedOrder {
  readonly lines: readonly { readonly quantity: number }[];
  /** Exact, as text. */
  readonly total: string;
  /** ISO 4217 */
  readonly currency: string;
}

/** What a user is told of an order that was placed. */
export function placedMessage({ lines, total, currency }: PlacedOrder): string {
  const count = lines.reduce((sum, { quantity }) => sum + quantity, 0);
  return `Your order of ${count} ${count === 1 ? 'item' : 'items'} for ${total} ${currency} has been placed.`;
}

/** What a user is told of an order that was cancelled. */
export const CANCELLED_MESSAGE = 'Your order has been cancelled.';
