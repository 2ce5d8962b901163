import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Database } from '../../service/database.ts';
import { requireIdentity, requireSelfOrAdmin } from '../authorize.ts';
import { codedError } from '../errors.ts';
import { addResources } from '../resources.ts';
import type { Caller } from '../server.ts';
import { createUserLoader } from './data.ts';
import type { SigningKeys } from './keys.ts';
import type { UserSource } from './sources.ts';

export interface RestOptions {
  readonly database: Database;
  readonly keys: SigningKeys;
  readonly callerOf: (request: FastifyRequest) => Caller;
}

/** `GET /users/me`, `GET /users/:id` (yourself, or anyone for administrators) and the public keys. */
export function addRest(app: FastifyInstance, { database, keys, callerOf }: RestOptions): void {
  async function find(id: string): Promise<UserSource> {
    const user = await createUserLoader(database).load(id);
    if (user === undefined) throw codedError('NOT_FOUND', 'There is no such user.');
    return user;
  }

  addResources(app, (scope) => {
    scope.get('/users/me', (request) => find(requireIdentity(callerOf(request)).subject));

    scope.get<{ Params: { id: string } }>('/users/:id', (request) => {
      requireSelfOrAdmin(callerOf(request), request.params.id);
      return find(request.params.id);
    });

    // Remembered for less time than a next key is known before it signs, and long enough to spare this service.
    scope.get('/.well-known/jwks.json', async (_request, reply) =>
      reply
        .header('cache-control', 'public, max-age=300')
        .type('application/jwk-set+json')
        .send(JSON.stringify(await keys.published())),
    );
  });
}
