import type { Database } from '../../service/database.ts';
import { ADMIN, requireIdentity, requireScope, requireSelfOrAdmin } from '../authorize.ts';
import { readPage, toConnection } from '../connection.ts';
import { badUserInput } from '../errors.ts';
import { DateTime } from '../scalars.ts';
import type { Caller } from '../server.ts';
import { readAccountField } from './account.ts';
import { changeUser, listUsers, type UserLoader, userKey } from './data.ts';
import type { Resolvers } from './generated.ts';
import type { SpendHash } from './hash-allowance.ts';
import type { Sessions } from './sessions.ts';

/** What the resolvers of one request have at hand. */
export interface Context {
  readonly caller: Caller;
  readonly users: UserLoader;
  readonly database: Database;
  readonly sessions: Sessions;
  readonly spendHash: SpendHash;
  /** Tells the relay of the outbox that there is something. */
  readonly nudge: () => void;
  readonly now: () => Date;
}

export const resolvers: Resolvers = {
  DateTime,

  Query: {
    me: async (_, _arguments, { caller, users }) =>
      caller.identity === undefined ? null : ((await users.load(caller.identity.subject)) ?? null),

    user: async (_, { id }, { caller, users }) => {
      requireSelfOrAdmin(caller, id);
      return (await users.load(id)) ?? null;
    },

    users: async (_, range, { caller, database }) => {
      requireScope(caller, ADMIN);
      const page = readPage(range, userKey);
      return toConnection(await listUsers(database, page), page, ({ createdAt, id }) => [createdAt.toISOString(), id]);
    },
  },

  Mutation: {
    register: (_, account, { sessions, spendHash }) => {
      spendHash();
      return sessions.register(account);
    },
    login: (_, credentials, { sessions, spendHash }) => {
      spendHash();
      return sessions.login(credentials);
    },
    refresh: (_, { refreshToken }, { sessions }) => sessions.refresh(refreshToken),
    logout: async (_, { refreshToken }, { sessions }) => {
      await sessions.logout(refreshToken);
      return true;
    },

    updateProfile: async (_, { name, email }, { caller, users, database, nudge, now }) => {
      const { subject } = requireIdentity(caller);
      if (name == null && email == null) throw badUserInput('name', 'or email must be given.');
      const changes = {
        ...(name == null ? {} : { name: readAccountField('name', name) }),
        ...(email == null ? {} : { email: readAccountField('email', email) }),
      };
      if ((await users.load(subject)) === undefined) return null;
      users.clear(subject);
      const changed = await changeUser(database, subject, changes, now());
      nudge();
      return changed ?? null;
    },
  },

  User: {
    __resolveReference: async ({ id }, { caller, users }) => {
      requireSelfOrAdmin(caller, id);
      return (await users.load(id)) ?? null;
    },
  },
};
