import DataLoader from 'dataloader';
import { and, asc, eq, getTableColumns, ilike, inArray, or, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Database } from '../../service/database.ts';
import type { Page } from '../connection.ts';
import { badUserInput, codedError } from '../errors.ts';
import { isStorable } from '../storable-text.ts';
import { isUuid } from '../uuid.ts';
import { available } from './availability.ts';
import type { ProductSource } from './sources.ts';
import { changeStock } from './stock-changes.ts';
import { product, stock } from './tables.ts';

/** Finds products, all that are asked for at the same time by one query for each kind of key. For one request. */
export interface ProductLoaders {
  readonly byId: DataLoader<string, ProductSource | undefined>;
  readonly bySku: DataLoader<string, ProductSource | undefined>;
  /** How many are on the shelf. */
  readonly stockOf: DataLoader<string, number | undefined>;
}

/** What the cursors of the list of products hold: name and id. */
export const productKey = z.tuple([z.string().max(1_000).refine(isStorable), z.guid()]);

/** A search is for words, not for essays. In characters. */
const SEARCH_MAX_LENGTH = 100;

export function createProductLoaders(database: Database, now: () => Date): ProductLoaders {
  return {
    byId: new DataLoader<string, ProductSource | undefined>(async (ids) => {
      const wanted = ids.filter(isUuid);
      const rows = wanted.length === 0 ? [] : await select(database, now()).where(inArray(product.id, wanted));
      const byId = new Map(rows.map((row) => [row.id, row]));
      return ids.map((id) => byId.get(id.toLowerCase()));
    }),
    bySku: new DataLoader<string, ProductSource | undefined>(async (skus) => {
      const wanted = skus.filter(isStorable);
      const rows = wanted.length === 0 ? [] : await select(database, now()).where(inArray(product.sku, wanted));
      const bySku = new Map(rows.map((row) => [row.sku, row]));
      return skus.map((sku) => bySku.get(sku));
    }),
    stockOf: new DataLoader<string, number | undefined>(async (ids) => {
      const rows = await database.query
        .select()
        .from(stock)
        .where(inArray(stock.productId, [...ids]));
      const byId = new Map(rows.map(({ productId, onHand }) => [productId, onHand]));
      return ids.map((id) => byId.get(id));
    }),
  };
}

export interface ProductsQuery {
  readonly page: Page<z.infer<typeof productKey>>;
  readonly search: string | null | undefined;
  readonly now: Date;
}

/** A page of the products by name, and one row more. @throws a coded BAD_USER_INPUT for a search that is too long */
export async function listProducts(database: Database, { page, search, now }: ProductsQuery): Promise<ProductSource[]> {
  const { first, after } = page;
  return select(database, now)
    .where(
      and(
        after && sql`(${product.name}, ${product.id}) > (${after[0]}, ${after[1]}::uuid)`,
        search ? matches(search) : undefined,
      ),
    )
    .orderBy(asc(product.name), asc(product.id))
    .limit(first + 1);
}

export interface StockAdjustment {
  readonly productId: string;
  /** How many more; fewer below zero. */
  readonly delta: number;
  readonly now: Date;
}

/**
 * Changes how many are on the shelf, and tells caches.
 *
 * @throws a coded NOT_FOUND, or OUT_OF_STOCK when more would be taken off than there are
 */
export async function adjustStock({ query }: Database, { productId, delta, now }: StockAdjustment): Promise<void> {
  const lines = [{ productId: productId.toLowerCase() }];
  await query.transaction((transaction) =>
    changeStock(transaction, {
      lines,
      now,
      change: async (products) => {
        const [id] = products.keys();
        if (id === undefined) throw codedError('NOT_FOUND', 'There is no such product.');
        const [before] = await transaction.select().from(stock).where(eq(stock.productId, id));
        // What is below zero already may come nearer to it, step by step.
        const stays = sql`(${delta}::bigint >= 0 or ${stock.onHand} + ${delta}::bigint >= 0)`;
        const changed = await transaction
          .update(stock)
          .set({ onHand: sql`${stock.onHand} + ${delta}::bigint` })
          .where(and(eq(stock.productId, id), stays))
          .returning({ onHand: stock.onHand });
        if (changed.length === 0) throw codedError('OUT_OF_STOCK', `There are only ${before?.onHand} on the shelf.`);
      },
    }),
  );
}

function select({ query }: Database, now: Date) {
  return query
    .select({ ...getTableColumns(product), inStock: sql<boolean>`${available(now)} > 0` })
    .from(product)
    .innerJoin(stock, eq(stock.productId, product.id))
    .$dynamic();
}

function matches(search: string): SQL | undefined {
  if (search.length > SEARCH_MAX_LENGTH || !isStorable(search)) {
    throw badUserInput('search', `must be text of at most ${SEARCH_MAX_LENGTH} characters.`);
  }
  const pattern = `%${search.replace(/[\\%_]/g, '\\$&')}%`;
  return or(ilike(product.name, pattern), ilike(product.description, pattern));
}
