import type { Database } from '../../service/database.ts';
import { DEMO_PRODUCTS } from '../demo.ts';
import { product, stock } from './tables.ts';

/** Adds the demo products and their stock, if there are no products yet. */
export async function seedProducts({ query }: Database): Promise<void> {
  if ((await query.$count(product)) > 0) return;
  await query.transaction(async (transaction) => {
    await transaction
      .insert(product)
      .values(DEMO_PRODUCTS.map(({ stock: _, ...one }) => ({ ...one, currency: 'EUR' })))
      .onConflictDoNothing();
    await transaction
      .insert(stock)
      .values(DEMO_PRODUCTS.map(({ id, stock: onHand }) => ({ productId: id, onHand })))
      .onConflictDoNothing();
  });
}
