import DataLoader from 'dataloader';
import { and, desc, eq, getTableColumns, inArray, isNull, sql } from 'drizzle-orm';
import type { Database } from '../../service/database.ts';
import { writeInvalidations } from '../outbox.ts';
import { isUuid } from '../uuid.ts';
import { notificationsOfUser } from './cache-tags.ts';
import type { NotificationSource } from './sources.ts';
import { notification, outbox } from './tables.ts';

/** Whose notifications are wanted, and which of them. */
export interface NotificationsOf {
  readonly userId: string;
  readonly unreadOnly: boolean;
  readonly first: number;
}

/** Finds notifications, all that are asked for at the same time by one query for each kind of key. For one request. */
export interface NotificationLoaders {
  readonly byId: DataLoader<string, NotificationSource | undefined>;
  /** Newest first. Lists of another length, or of unread ones only, are another query. */
  readonly ofUser: DataLoader<NotificationsOf, NotificationSource[], string>;
}

const { eventId: _, ...visible } = getTableColumns(notification);

/** What is not a UUID is no notification's id, and no user's. */
export function createNotificationLoaders(database: Database): NotificationLoaders {
  return {
    byId: new DataLoader<string, NotificationSource | undefined>(async (ids) => {
      const wanted = ids.filter(isUuid);
      const rows =
        wanted.length === 0
          ? []
          : await database.query.select(visible).from(notification).where(inArray(notification.id, wanted));
      const byId = new Map(rows.map((row) => [row.id, row]));
      return ids.map((id) => byId.get(id.toLowerCase()));
    }),
    ofUser: new DataLoader<NotificationsOf, NotificationSource[], string>(
      async (asked) => {
        const alike = Map.groupBy(asked, ({ unreadOnly, first }) => `${unreadOnly} ${first}`);
        const lists = await Promise.all([...alike.values()].map((list) => listNewest(database, list)));
        const byKey = new Map(lists.flatMap((list) => [...list]));
        return asked.map((one) => byKey.get(keyOf(one)) ?? []);
      },
      { cacheKeyFn: keyOf },
    ),
  };
}

function keyOf({ userId, unreadOnly, first }: NotificationsOf): string {
  return `${userId.toLowerCase()} ${unreadOnly} ${first}`;
}

/** The lists of several users that differ in nothing else, by their keys. Of each user only the rows shown are read. */
async function listNewest(
  { query }: Database,
  asked: readonly NotificationsOf[],
): Promise<Map<string, NotificationSource[]>> {
  const [{ unreadOnly, first } = { unreadOnly: false, first: 0 }] = asked;
  const userIds = asked.map(({ userId }) => userId).filter(isUuid);
  if (userIds.length === 0) return new Map();
  const newest = query
    .select(visible)
    .from(notification)
    .where(and(sql`${notification.userId} = wanted.user_id`, unreadOnly ? isNull(notification.readAt) : undefined))
    .orderBy(desc(notification.createdAt), desc(notification.id))
    .limit(first)
    .as('newest');
  const rows = await query
    .select({ notification: newest._.selectedFields })
    .from(sql`unnest(${sql.param(userIds)}::uuid[]) as wanted(user_id)`)
    .crossJoinLateral(newest)
    .orderBy(desc(newest.createdAt), desc(newest.id));
  return Map.groupBy(
    rows.map((row) => row.notification),
    ({ userId }) => keyOf({ userId, unreadOnly, first }),
  );
}

export type NewNotification = typeof notification.$inferInsert;

/** Adds a notification, and tells caches of it. One of an event that is known already is left out. */
export async function addNotification({ query }: Database, added: NewNotification, now: Date): Promise<void> {
  await query.transaction(async (transaction) => {
    const [row] = await transaction
      .insert(notification)
      .values(added)
      .onConflictDoNothing({ target: notification.eventId })
      .returning({ userId: notification.userId });
    if (row !== undefined) await writeInvalidations(transaction, outbox, [notificationsOfUser(row.userId)], now);
  });
}

/**
 * Marks a notification as read, unless it is already, and tells caches of it.
 *
 * @returns `undefined` when there is no such notification
 */
export async function markRead({ query }: Database, id: string, now: Date): Promise<NotificationSource | undefined> {
  return query.transaction(async (transaction) => {
    const [row] = await transaction
      .update(notification)
      .set({ readAt: now })
      .where(and(eq(notification.id, id), isNull(notification.readAt)))
      .returning(visible);
    if (row === undefined) {
      const [found] = await transaction.select(visible).from(notification).where(eq(notification.id, id));
      return found;
    }
    const changed = { kind: 'entity', subgraph: 'notifications', type: 'Notification', key: { id: row.id } } as const;
    await writeInvalidations(transaction, outbox, [changed, notificationsOfUser(row.userId)], now);
    return row;
  });
}
