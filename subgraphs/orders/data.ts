import DataLoader from 'dataloader';
import { and, asc, desc, eq, inArray, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Database } from '../../service/database.ts';
import { isUuid } from '../uuid.ts';
import type { OrderLineSource, OrderSource } from './sources.ts';
import { order, orderLine } from './tables.ts';

/** Whose orders are wanted, and which of them. */
export interface OrdersOf {
  readonly userId: string;
  readonly status?: OrderSource['status'] | undefined;
  readonly first: number;
  /** Only those that come after this one. */
  readonly after?: OrderKey | undefined;
}

/** What a user's orders are ordered by, and what their cursors hold: when it was placed, and the id. */
export const orderKey = z.tuple([
  // Postgres has no year 0, and a cursor can be made by hand.
  z.iso.datetime().refine((text) => !text.startsWith('0000')),
  z.guid(),
]);

/** What `orderKey` reads. */
export type OrderKey = z.infer<typeof orderKey>;

/** Finds orders, all that are asked for at the same time by one query for each kind of key. For one request. */
export interface OrderLoaders {
  readonly byId: DataLoader<string, OrderSource | undefined>;
  readonly linesOf: DataLoader<string, OrderLineSource[]>;
  /** Newest first. Lists of another length, beginning or status are another query. */
  readonly ofUser: DataLoader<OrdersOf, OrderSource[], string>;
}

/** What is not a UUID is no order's id, and no user's. */
export function createOrderLoaders(database: Database): OrderLoaders {
  const { query } = database;
  return {
    byId: new DataLoader<string, OrderSource | undefined>(async (ids) => {
      const wanted = ids.filter(isUuid);
      const rows = wanted.length === 0 ? [] : await query.select().from(order).where(inArray(order.id, wanted));
      const byId = new Map(rows.map((row) => [row.id, row]));
      return ids.map((id) => byId.get(id.toLowerCase()));
    }),
    linesOf: new DataLoader<string, OrderLineSource[]>(async (ids) => {
      const rows = await query
        .select()
        .from(orderLine)
        .where(inArray(orderLine.orderId, [...ids]))
        .orderBy(asc(orderLine.productId));
      const byOrder = Map.groupBy(rows, ({ orderId }) => orderId);
      return ids.map((id) => byOrder.get(id) ?? []);
    }),
    ofUser: new DataLoader<OrdersOf, OrderSource[], string>(
      async (asked) => {
        const alike = Map.groupBy(asked, ({ userId: _, ...list }) => kindOf(list));
        const lists = await Promise.all([...alike.values()].map((list) => listNewest(database, list)));
        const byKey = new Map(lists.flatMap((list) => [...list]));
        return asked.map((one) => byKey.get(keyOf(one)) ?? []);
      },
      { cacheKeyFn: keyOf },
    ),
  };
}

function keyOf({ userId, ...list }: OrdersOf): string {
  return `${userId.toLowerCase()} ${kindOf(list)}`;
}

function kindOf({ status, first, after }: Omit<OrdersOf, 'userId'>): string {
  return JSON.stringify([status, first, after]);
}

/** The lists of several users that differ in nothing else, by their keys. Of each user only the rows shown are read. */
async function listNewest({ query }: Database, asked: readonly OrdersOf[]): Promise<Map<string, OrderSource[]>> {
  const [{ status, first, after } = { first: 0 }] = asked;
  const isAsked = status === undefined ? undefined : eq(order.status, status);
  const isOlder = after && sql`(${order.placedAt}, ${order.id}) < (${after[0]}::timestamptz, ${after[1]}::uuid)`;
  const userIds = asked.map(({ userId }) => userId).filter(isUuid);
  if (userIds.length === 0) return new Map();
  const newest = query
    .select()
    .from(order)
    .where(and(sql`${order.userId} = wanted.user_id`, isAsked, isOlder))
    .orderBy(desc(order.placedAt), desc(order.id))
    .limit(first)
    .as('newest');
  const rows = await query
    .select({ order: newest._.selectedFields })
    .from(sql`unnest(${sql.param(userIds)}::uuid[]) as wanted(user_id)`)
    .crossJoinLateral(newest)
    .orderBy(desc(newest.placedAt), desc(newest.id));
  return Map.groupBy(
    rows.map((row) => row.order),
    ({ userId }) => keyOf({ userId, status, first, after }),
  );
}
