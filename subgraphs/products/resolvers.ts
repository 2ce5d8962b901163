import type { Database } from '../../service/database.ts';
import { ADMIN, requireScope } from '../authorize.ts';
import { readPage, toConnection } from '../connection.ts';
import { badUserInput } from '../errors.ts';
import { Decimal } from '../scalars.ts';
import type { Caller } from '../server.ts';
import { adjustStock, listProducts, type ProductLoaders, productKey } from './data.ts';
import type { Resolvers } from './generated.ts';

/** What the resolvers of one request have at hand. */
export interface Context {
  readonly caller: Caller;
  readonly products: ProductLoaders;
  readonly database: Database;
  /** Tells the relay of the outbox that there is something. */
  readonly nudge: () => void;
  readonly now: () => Date;
}

export const resolvers: Resolvers = {
  Decimal,

  Query: {
    products: async (_, { search, ...range }, { database, now }) => {
      const page = readPage(range, productKey);
      return toConnection(await listProducts(database, { page, search, now: now() }), page, ({ name, id }) => [
        name,
        id,
      ]);
    },

    product: async (_, { id, sku }, { products }) => {
      if (id != null && sku == null) return (await products.byId.load(id)) ?? null;
      if (sku != null && id == null) return (await products.bySku.load(sku)) ?? null;
      throw badUserInput('id', 'or sku must be given, and not both.');
    },
  },

  Mutation: {
    adjustStock: async (_, { productId, delta }, { caller, database, products, nudge, now }) => {
      requireScope(caller, ADMIN);
      await adjustStock(database, { productId, delta, now: now() });
      nudge();
      products.stockOf.clear(productId.toLowerCase());
      return (await products.byId.clear(productId).load(productId)) ?? null;
    },
  },

  Product: {
    __resolveReference: async (reference, { products }) =>
      ('id' in reference ? await products.byId.load(reference.id) : await products.bySku.load(reference.sku)) ?? null,
    stock: async ({ id }, _, { caller, products }) => {
      requireScope(caller, ADMIN);
      return (await products.stockOf.load(id)) ?? null;
    },
  },
};
