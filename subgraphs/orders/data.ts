import DataLoader from 'dataloader';
import { and, asc, desc, eq, inArray, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Database } from '../../service/database.ts';
import type { Page } from '../connection.ts';
import { isUuid } from '../uuid.ts';
import type { OrderLineSource, OrderSource } from './sources.ts';
import { order, orderLine } from './tables.ts';

/** Whose orders are wanted, and which of them. */
export interface OrdersOf {
  readonly userId: string;
  readonly status: OrderSource['status'] | undefined;
  readonly first: number;
}

/** Finds orders, all that are asked for at the same time by one query for each kind of key. For one request. */
export interface OrderLoaders {
  readonly byId: DataLoader<string, OrderSource | undefined>;
  readonly linesOf: DataLoader<string, OrderLineSource[]>;
  /** Newest first. Lists of another length or status are another query. */
  readonly ofUser: DataLoader<OrdersOf, OrderSource[], string>;
}

/** What the cursors of a user's orders hold: when it was placed, and the id. */
export const orderKey = z.tuple([z.iso.datetime(), z.guid()]);

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
        const alike = Map.groupBy(asked, ({ status, first }) => `${status} ${first}`);
        const lists = await Promise.all([...alike.values()].map((list) => listNewest(database, list)));
        const byKey = new Map(lists.flatMap((list) => [...list]));
        return asked.map((one) => byKey.get(keyOf(one)) ?? []);
      },
      { cacheKeyFn: keyOf },
    ),
  };
}

function keyOf({ userId, status, first }: OrdersOf): string {
  return `${userId.toLowerCase()} ${status} ${first}`;
}

/** The lists of several users that differ in nothing else, by their keys. Of each user only the rows shown are read. */
async function listNewest({ query }: Database, asked: readonly OrdersOf[]): Promise<Map<string, OrderSource[]>> {
  const [{ status, first } = { status: undefined, first: 0 }] = asked;
  const userIds = asked.map(({ userId }) => userId).filter(isUuid);
  if (userIds.length === 0) return new Map();
  const newest = query
    .select()
    .from(order)
    .where(and(sql`${order.userId} = wanted.user_id`, status === undefined ? undefined : eq(order.status, status)))
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
    ({ userId }) => keyOf({ userId, status, first }),
  );
}

/** A page of a user's orders, newest first, and one row more. */
export async function listOrders(
  { query }: Database,
  userId: string,
  { first, after }: Page<z.infer<typeof orderKey>>,
): Promise<OrderSource[]> {
  if (!isUuid(userId)) return [];
  const isOlder = after && sql`(${order.placedAt}, ${order.id}) < (${after[0]}::timestamptz, ${after[1]}::uuid)`;
  return query
    .select()
    .from(order)
    .where(and(eq(order.userId, userId), isOlder))
    .orderBy(desc(order.placedAt), desc(order.id))
    .limit(first + 1);
}
