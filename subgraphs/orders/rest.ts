import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Database } from '../../service/database.ts';
import { requireIdentity, requireSelfOrAdmin } from '../authorize.ts';
import { readFirst } from '../connection.ts';
import { badUserInput, codedError } from '../errors.ts';
import { addResources } from '../resources.ts';
import type { Caller } from '../server.ts';
import { createOrderLoaders } from './data.ts';

export interface RestOptions {
  readonly database: Database;
  readonly callerOf: (request: FastifyRequest) => Caller;
}

const listQuery = z.object({
  userId: z.string(),
  status: z.enum(['PLACED', 'CANCELLED']).optional(),
  first: z.coerce.number().optional(),
});

/** `GET /orders?userId=` and `GET /orders/:id`: the user's own, or anyone's for administrators; newest first. */
export function addRest(app: FastifyInstance, { database, callerOf }: RestOptions): void {
  addResources(app, (scope) => {
    scope.get('/orders', async (request) => {
      const caller = callerOf(request);
      requireIdentity(caller);
      const query = listQuery.safeParse(request.query);
      if (!query.success) throw badUserInput('query', 'must hold userId, and may hold status and first, each once.');
      const { userId, status, first } = query.data;
      requireSelfOrAdmin(caller, userId);
      const { ofUser } = createOrderLoaders(database);
      return { orders: await ofUser.load({ userId, status, first: readFirst({ first }) }) };
    });

    scope.get<{ Params: { id: string } }>('/orders/:id', async (request) => {
      const caller = callerOf(request);
      requireIdentity(caller);
      const { byId, linesOf } = createOrderLoaders(database);
      const found = await byId.load(request.params.id);
      if (found === undefined) throw codedError('NOT_FOUND', 'There is no such order.');
      requireSelfOrAdmin(caller, found.userId);
      const lines = await linesOf.load(found.id);
      return {
        ...found,
        lines: lines.map(({ productId, quantity, unitPrice }) => ({ productId, quantity, unitPrice })),
      };
    });
  });
}
