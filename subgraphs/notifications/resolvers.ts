import type { Database } from '../../service/database.ts';
import { requireIdentity, requireSelfOrAdmin } from '../authorize.ts';
import { readFirst } from '../connection.ts';
import { codedError } from '../errors.ts';
import { DateTime } from '../scalars.ts';
import type { Caller } from '../server.ts';
import { markRead, type NotificationLoaders } from './data.ts';
import type { Resolvers } from './generated.ts';
import type { NotificationSource } from './sources.ts';

/** What the resolvers of one request have at hand. */
export interface Context {
  readonly caller: Caller;
  readonly notifications: NotificationLoaders;
  readonly database: Database;
  /** Tells the relay of the outbox that there is something. */
  readonly nudge: () => void;
  readonly now: () => Date;
}

export const resolvers: Resolvers = {
  DateTime,

  Query: {
    notification: (_, { id }, context) => find(id, context),
  },

  Mutation: {
    markRead: async (_, { id }, { caller, notifications, database, nudge, now }) => {
      const { subject } = requireIdentity(caller);
      const found = await notifications.byId.load(id);
      if (found === undefined) throw codedError('NOT_FOUND', 'There is no such notification.');
      // Not even an administrator: it would say that the user has read what the user has not.
      if (found.userId !== subject.toLowerCase()) {
        throw codedError('FORBIDDEN', 'You may mark your own notifications only.');
      }
      notifications.byId.clear(id);
      const read = await markRead(database, found.id, now());
      nudge();
      return read ?? null;
    },
  },

  Notification: {
    __resolveReference: ({ id }, context) => find(id, context),
    order: ({ orderId }) => ({ id: orderId }),
  },

  User: {
    __resolveReference: ({ id }) => ({ id }),
    notifications: ({ id: userId }, { unreadOnly, first }, { caller, notifications }) => {
      requireSelfOrAdmin(caller, userId);
      return notifications.ofUser.load({ userId, unreadOnly: unreadOnly === true, first: readFirst({ first }) });
    },
  },
};

/** Who may not see it learns that it is there, which says nothing: ids cannot be guessed. */
async function find(id: string, { caller, notifications }: Context): Promise<NotificationSource | null> {
  requireIdentity(caller);
  const found = await notifications.byId.load(id);
  if (found === undefined) return null;
  requireSelfOrAdmin(caller, found.userId);
  return found;
}
