import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Database } from '../../service/database.ts';
import { requireIdentity, requireSelfOrAdmin } from '../authorize.ts';
import { readFirst } from '../connection.ts';
import { badUserInput } from '../errors.ts';
import { addResources } from '../resources.ts';
import type { Caller } from '../server.ts';
import { createNotificationLoaders } from './data.ts';

export interface RestOptions {
  readonly database: Database;
  readonly callerOf: (request: FastifyRequest) => Caller;
}

const listQuery = z.object({
  userId: z.string(),
  unreadOnly: z.enum(['true', 'false']).optional(),
  first: z.coerce.number().optional(),
});

/** `GET /notifications?userId=`: the user's own, or anyone's for administrators; newest first. */
export function addRest(app: FastifyInstance, { database, callerOf }: RestOptions): void {
  addResources(app, (scope) => {
    scope.get('/notifications', async (request) => {
      const caller = callerOf(request);
      requireIdentity(caller);
      const query = listQuery.safeParse(request.query);
      if (!query.success) {
        throw badUserInput('query', 'must hold userId, and may hold unreadOnly (true or false) and first, each once.');
      }
      const { userId, unreadOnly, first } = query.data;
      requireSelfOrAdmin(caller, userId);
      const { ofUser } = createNotificationLoaders(database);
      const list = { userId, unreadOnly: unreadOnly === 'true', first: readFirst({ first }) };
      return { notifications: await ofUser.load(list) };
    });
  });
}
