import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Database } from '../../service/database.ts';
import { requireScope } from '../authorize.ts';
import { readPage, toConnection } from '../connection.ts';
import { badUserInput, codedError } from '../errors.ts';
import { addResources } from '../resources.ts';
import type { Caller } from '../server.ts';
import { createProductLoaders, listProducts, productKey } from './data.ts';
import { orderKey, readReservationBody } from './reservation-lines.ts';
import type { Reservations } from './reservations.ts';

export interface RestOptions {
  readonly database: Database;
  readonly reservations: Reservations;
  readonly callerOf: (request: FastifyRequest) => Caller;
  readonly now: () => Date;
}

/** What a service's token must allow for reservations. */
const RESERVE = 'stock:reserve';

const listQuery = z.object({ search: z.string(), first: z.coerce.number(), after: z.string() }).partial();

/** `GET /products`, `GET /products/:id`, and for other services `PUT` and `DELETE /internal/reservations/:orderKey`. */
export function addRest(app: FastifyInstance, { database, reservations, callerOf, now }: RestOptions): void {
  addResources(app, (scope) => {
    scope.get('/products', async (request) => {
      const query = listQuery.safeParse(request.query);
      if (!query.success) throw badUserInput('query', 'may hold search, first and after, each once.');
      const page = readPage(query.data, productKey);
      const rows = await listProducts(database, { page, search: query.data.search, now: now() });
      const { edges, pageInfo } = toConnection(rows, page, ({ name, id }) => [name, id]);
      return { products: edges.map(({ node }) => node), pageInfo };
    });

    scope.get<{ Params: { id: string } }>('/products/:id', async ({ params }) => {
      const found = await createProductLoaders(database, now).byId.load(params.id);
      if (found === undefined) throw codedError('NOT_FOUND', 'There is no such product.');
      return found;
    });

    scope.put<{ Params: { orderKey: string } }>('/internal/reservations/:orderKey', async (request) => {
      requireScope(callerOf(request), RESERVE);
      return reservations.reserve(readOrderKey(request.params.orderKey), readReservationBody(request.body));
    });

    scope.delete<{ Params: { orderKey: string } }>('/internal/reservations/:orderKey', async (request, reply) => {
      requireScope(callerOf(request), RESERVE);
      await reservations.release(readOrderKey(request.params.orderKey));
      return reply.code(204).send();
    });
  });
}

function readOrderKey(text: string): string {
  const result = orderKey.safeParse(text);
  if (result.success) return result.data;
  throw badUserInput('orderKey', 'must be 1 to 100 printable ASCII characters without spaces.');
}
