import { createHash } from 'node:crypto';
import { badUserInput } from '../errors.ts';
import { isUuid } from '../uuid.ts';

/** How much of what. */
export interface WantedLine {
  readonly productId: string;
  readonly quantity: number;
}

const MAX_LINES = 50;
const MAX_QUANTITY = 1_000;
const MAX_KEY_LENGTH = 128;

/**
 * Reads the lines of a new order: lines of the same product are added up, and the rest is in the order of the products' ids, so
 * that equal orders have equal lines.
 *
 * @throws a coded BAD_USER_INPUT
 */
export function readLines(lines: readonly WantedLine[]): WantedLine[] {
  if (lines.length < 1 || lines.length > MAX_LINES) throw badUserInput('lines', `must be 1 to ${MAX_LINES}.`);
  const quantities = new Map<string, number>();
  for (const { productId, quantity } of lines) {
    if (!isUuid(productId))
      throw badUserInput('productId', `must be the id of a product, not "${productId.slice(0, 40)}".`);
    const id = productId.toLowerCase();
    const total = (quantities.get(id) ?? 0) + quantity;
    if (quantity < 1 || total > MAX_QUANTITY)
      throw badUserInput('quantity', `must be 1 to ${MAX_QUANTITY} of each product.`);
    quantities.set(id, total);
  }
  return [...quantities]
    .map(([productId, quantity]) => ({ productId, quantity }))
    .sort((a, b) => (a.productId < b.productId ? -1 : 1));
}

/**
 * The id of the order that a user means by a key: the same for the same two, and no one else's. A UUID of version 8 (RFC
 * 9562 §5.8) from SHA-256.
 *
 * @throws a coded BAD_USER_INPUT for a key that is empty or too long
 */
export function toOrderId(userId: string, idempotencyKey: string): string {
  if (idempotencyKey.length < 1 || idempotencyKey.length > MAX_KEY_LENGTH) {
    throw badUserInput('idempotencyKey', `must have 1 to ${MAX_KEY_LENGTH} characters.`);
  }
  const hash = createHash('sha256')
    .update(JSON.stringify([userId.toLowerCase(), idempotencyKey]))
    .digest();
  hash[6] = (Number(hash[6]) & 0x0f) | 0x80;
  hash[8] = (Number(hash[8]) & 0x3f) | 0x80;
  const hex = hash.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}
