import type { Database } from '../../service/database.ts';
import { requireIdentity, requireSelfOrAdmin } from '../authorize.ts';
import { readFirst, readPage, toConnection } from '../connection.ts';
import { codedError } from '../errors.ts';
import { DateTime, Decimal } from '../scalars.ts';
import type { Caller } from '../server.ts';
import { isUuid } from '../uuid.ts';
import { cancelOrder } from './cancel-order.ts';
import { type OrderLoaders, orderKey } from './data.ts';
import type { Resolvers } from './generated.ts';
import { readLines, toOrderId } from './order-lines.ts';
import { type PlaceOrderOptions, placeOrder } from './place-order.ts';
import type { OrderSource } from './sources.ts';

/** What the resolvers of one request have at hand. */
export interface Context {
  readonly caller: Caller;
  readonly orders: OrderLoaders;
  readonly database: Database;
  readonly placing: PlaceOrderOptions;
}

export const resolvers: Resolvers = {
  DateTime,
  Decimal,

  Query: {
    order: (_, { id }, context) => find(id, context),
  },

  Mutation: {
    placeOrder: (_, { lines, idempotencyKey }, { caller, placing }) => {
      const { subject: userId } = requireIdentity(caller);
      if (!isUuid(userId)) throw codedError('FORBIDDEN', 'Only users place orders.');
      return placeOrder(placing, { id: toOrderId(userId, idempotencyKey), userId, lines: readLines(lines) });
    },
    cancelOrder: async (_, { id }, context) => {
      const found = await find(id, context);
      if (found === null) throw codedError('NOT_FOUND', 'There is no such order.');
      const { orders, database, placing } = context;
      orders.byId.clear(id);
      const cancelled = await cancelOrder(database, found.id, placing.now());
      placing.nudge();
      return cancelled ?? (await orders.byId.load(id)) ?? null;
    },
  },

  Order: {
    __resolveReference: ({ id }, context) => find(id, context),
    lines: ({ id }, _, { orders }) => orders.linesOf.load(id),
    user: ({ userId }) => ({ id: userId }),
  },

  OrderLine: {
    product: ({ productId }) => ({ id: productId }),
  },

  User: {
    __resolveReference: ({ id }) => ({ id }),
    orders: ({ id: userId }, { first, status }, { caller, orders }) => {
      requireSelfOrAdmin(caller, userId);
      return orders.ofUser.load({ userId, status: status ?? undefined, first: readFirst({ first }) });
    },
    orderHistory: async ({ id: userId }, pageArguments, { caller, orders }) => {
      requireSelfOrAdmin(caller, userId);
      const page = readPage(pageArguments, orderKey);
      const rows = await orders.ofUser.load({ userId, first: page.first + 1, after: page.after });
      return toConnection(rows, page, ({ placedAt, id }) => [placedAt.toISOString(), id]);
    },
  },
};

/** Who may not see it learns that it is there, which says nothing: ids cannot be guessed. */
async function find(id: string, { caller, orders }: Context): Promise<OrderSource | null> {
  requireIdentity(caller);
  const found = await orders.byId.load(id);
  if (found === undefined) return null;
  requireSelfOrAdmin(caller, found.userId);
  return found;
}
