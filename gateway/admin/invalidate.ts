import type { FastifyInstance } from 'fastify';
import { InvalidationError, readInvalidations } from '../../service/invalidation.ts';
import type { Cache } from '../cache/cache.ts';
import { GatewayError } from '../errors.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import { requireKey } from './require-key.ts';

export interface Invalidating {
  /** What a request has to bring: `authorization: Bearer KEY`. */
  readonly key: string;
  readonly invalidate: Cache['invalidate'];
}

/**
 * `POST /invalidate`: `[{ "kind": "entity", "type": "Product", "key": { "id": "7" } }, …]`. 200 with the sequence of the purge: no
 * gateway that looks into Redis gives what it voids any more. 503 when Redis cannot take it (`pending`: then it holds in this gateway,
 * and is tried again until it is taken), and when too few replicas have it (`unreplicated`: it holds, but a failover may lose it).
 */
export function serveInvalidation(
  app: FastifyInstance,
  current: () => { readonly supergraph: Supergraph; readonly invalidation: Invalidating },
): void {
  app.post('/invalidate', async ({ headers, body }, reply) => {
    const { supergraph, invalidation } = current();
    const { key, invalidate } = invalidation;
    requireKey(headers, key, 'cache.invalidation.key');
    const invalidations = read(body);
    const outcome = await invalidate(invalidations, supergraph);
    const { unknown, headerTags: tags } = outcome;
    const told = {
      accepted: invalidations.length,
      ...(unknown.length > 0 ? { unknown } : {}),
      ...(tags.length > 0 ? { tags } : {}),
    };
    if (!outcome.isPending && outcome.isReplicated) return { ...told, sequence: outcome.sequence };
    return reply
      .code(503)
      .header('retry-after', '1')
      .send({ ...told, status: outcome.isPending ? 'pending' : 'unreplicated' });
  });
}

function read(body: unknown) {
  try {
    return readInvalidations(JSON.parse(String(body ?? '')));
  } catch (error) {
    const message =
      error instanceof InvalidationError ? error.message : 'The body must be JSON: [{ "kind": "tag", "tag": "…" }, …].';
    throw new GatewayError('BAD_REQUEST', message, { cause: error });
  }
}
