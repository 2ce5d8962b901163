import type { Invalidation } from '../../service/invalidation.ts';
import { writeInvalidations } from '../outbox.ts';
import type { WantedLine } from './reservation-lines.ts';
import { type LockedProduct, lockProducts, readProducts, type Transaction } from './reservation-rows.ts';
import { outbox } from './tables.ts';

export interface StockChange<Result> {
  /** What may change. */
  readonly lines: readonly Pick<WantedLine, 'productId'>[];
  readonly now: Date;
  /** Does it. Gets what there was; what is no product is not among it. */
  readonly change: (products: ReadonlyMap<string, LockedProduct>) => Promise<Result>;
}

/**
 * Locks products, changes their stock, and tells caches of those that are in stock by it or no longer are. How many there are is
 * for administrators and never kept, so an order for one of many voids nothing. (A hold that expires is not told: it only makes a cached
 * `inStock` say no for a little too long.)
 */
export async function changeStock<Result>(
  transaction: Transaction,
  { lines, now, change }: StockChange<Result>,
): Promise<Result> {
  const before = await lockProducts(transaction, lines, now);
  const result = await change(before);
  const after = await readProducts(transaction, [...before.keys()], now);
  const isInStock = (product: LockedProduct | undefined) => product !== undefined && product.available > 0;
  const turned = [...before.values()].filter((product) => isInStock(product) !== isInStock(after.get(product.id)));
  await writeInvalidations(transaction, outbox, turned.map(toInvalidation), now);
  return result;
}

function toInvalidation({ id }: LockedProduct): Invalidation {
  return { kind: 'entity', subgraph: 'products', type: 'Product', key: { id } };
}
