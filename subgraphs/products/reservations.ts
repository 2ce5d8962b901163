import { eq } from 'drizzle-orm';
import type { Database } from '../../service/database.ts';
import { codedError } from '../errors.ts';
import { addUp, toRequestHash, type WantedLine } from './reservation-lines.ts';
import {
  addLines,
  claim,
  forgetSome,
  type LockedProduct,
  moveStock,
  type ReservedLine,
  readLines,
  type Transaction,
} from './reservation-rows.ts';
import { changeStock } from './stock-changes.ts';
import { reservation } from './tables.ts';

/** What was set aside for an order, by product id. */
export interface Reservation {
  readonly orderKey: string;
  readonly expiresAt: Date;
  readonly lines: readonly ReservedLine[];
}

/**
 * Stock set aside for orders: `held` → `committed` → `released`, and never back. Every step may be repeated, and may come late.
 *
 * Each step locks the reservation first, then the stock of its products in the order of their ids, so that no two wait for
 * one another.
 */
export interface Reservations {
  /**
   * Sets all the lines aside, or nothing. The same key and lines give the same answer; one that expired is held anew at its
   * old prices, if the stock is still there.
   *
   * @param lines as `addUp` leaves them
   * @throws a coded OUT_OF_STOCK, UNKNOWN_PRODUCT, RESERVATION_MISMATCH (same key, other lines) or RESERVATION_RELEASED
   */
  readonly reserve: (orderKey: string, lines: readonly WantedLine[]) => Promise<Reservation>;
  /**
   * The order was placed: takes what was reserved off the shelf, also when the hold expired, because the customer has been
   * told. Without a reservation, takes `lines`.
   */
  readonly commit: (orderKey: string, lines: readonly WantedLine[]) => Promise<void>;
  /** The order is not to be: gives back whatever was taken, for good. */
  readonly release: (orderKey: string) => Promise<void>;
}

export interface ReservationsOptions {
  readonly database: Database;
  readonly ttlS: number;
  /** Tells the relay of the outbox that there is something. */
  readonly nudge: () => void;
  readonly now: () => Date;
}

/** How long a released or expired reservation is remembered: longer than any message is late. In milliseconds. */
const REMEMBER_MS = 7 * 86_400_000;

export function createReservations({ database: { query }, ttlS, nudge, now }: ReservationsOptions): Reservations {
  return {
    async reserve(orderKey, lines) {
      await forgetSome(query, new Date(now().getTime() - REMEMBER_MS));
      const requestHash = toRequestHash(lines);
      const expiresAt = new Date(now().getTime() + ttlS * 1_000);
      const result = await query.transaction(async (transaction) => {
        const found = await claim(transaction, { orderKey, state: 'held', expiresAt, requestHash });
        if (found.state === 'released') throw codedError('RESERVATION_RELEASED');
        if (found.requestHash !== requestHash) throw codedError('RESERVATION_MISMATCH');
        const reserved = await readLines(transaction, orderKey);
        const isHeld = reserved.length > 0 && found.expiresAt > now();
        if (found.state === 'committed' || isHeld) return { orderKey, expiresAt: found.expiresAt, lines: reserved };

        const hold = async (products: ReadonlyMap<string, LockedProduct>) => {
          requireAvailable(lines, products);
          if (reserved.length === 0) await addLines(transaction, orderKey, lines, products);
          else await transaction.update(reservation).set({ expiresAt }).where(eq(reservation.orderKey, orderKey));
        };
        await changeStock(transaction, { lines, now: now(), change: hold });
        return { orderKey, expiresAt, lines: await readLines(transaction, orderKey) };
      });
      nudge();
      return result;
    },

    async commit(orderKey, lines) {
      const placed = addUp(lines);
      const unreserved = { orderKey, state: 'held', expiresAt: now(), requestHash: toRequestHash(placed) } as const;
      await query.transaction(async (transaction) => {
        const found = await claim(transaction, unreserved);
        if (found.state !== 'held') return;
        const reserved = await readLines(transaction, orderKey);
        const take = async (products: ReadonlyMap<string, LockedProduct>) => {
          if (reserved.length === 0) await addLines(transaction, orderKey, placed, products);
          await moveStock(transaction, orderKey, -1);
          await setState(transaction, orderKey, 'committed', found.expiresAt);
        };
        const lines = reserved.length > 0 ? reserved : placed;
        await changeStock(transaction, { lines, now: now(), change: take });
      });
      nudge();
    },

    async release(orderKey) {
      await query.transaction(async (transaction) => {
        const found = await claim(transaction, { orderKey, state: 'released', expiresAt: now(), requestHash: null });
        if (found.state === 'released') return;
        const giveBack = async () => {
          if (found.state === 'committed') await moveStock(transaction, orderKey, 1);
          await setState(transaction, orderKey, 'released', now());
        };
        const lines = await readLines(transaction, orderKey);
        await changeStock(transaction, { lines, now: now(), change: giveBack });
      });
      nudge();
    },
  };
}

async function setState(
  transaction: Transaction,
  orderKey: string,
  state: 'committed' | 'released',
  expiresAt: Date,
): Promise<void> {
  await transaction.update(reservation).set({ state, expiresAt }).where(eq(reservation.orderKey, orderKey));
}

function requireAvailable(lines: readonly WantedLine[], products: ReadonlyMap<string, LockedProduct>): void {
  const unknown = lines.map(({ productId }) => productId).filter((id) => !products.has(id));
  if (unknown.length > 0) {
    throw codedError('UNKNOWN_PRODUCT', `There is no product ${unknown.join(', ')}.`, { products: unknown });
  }
  const short = lines.flatMap(({ productId, quantity }) => {
    const found = products.get(productId);
    if (found === undefined || found.available >= quantity) return [];
    return { productId, sku: found.sku, requested: quantity, available: Math.max(0, found.available) };
  });
  if (short.length === 0) return;
  const list = short.map(({ sku, requested, available }) => `${sku} (${requested} wanted, ${available} available)`);
  throw codedError('OUT_OF_STOCK', `There is not enough in stock of ${list.join(', ')}.`, { products: short });
}
