import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { RegistryError, type RegistryErrorCode } from '../errors.ts';
import { admit } from './admit.ts';
import { createUplink, type UplinkOptions } from './uplink.ts';

/** Documents are short; only keys and ids come with them. */
const BODY_LIMIT_BYTES = 64_000;

const requestSchema = z.object({
  query: z.string(),
  operationName: z.string().nullish(),
  variables: z.record(z.string(), z.unknown()).nullish(),
});

const STATUS: Partial<Record<RegistryErrorCode, number>> = {
  KEY_INVALID: 401,
  ACCESS_DENIED: 403,
  GRAPH_UNKNOWN: 404,
  VARIANT_UNKNOWN: 404,
};

/**
 * `POST /uplink`, Apollo's protocol; `GET /supergraph/GRAPH/VARIANT`, the supergraph alone, for the key in `x-api-key`; and
 * `GET /persisted-queries/GRAPH/VARIANT/HASH`, what Uplink names as chunks.
 *
 * What a cache between may do: keep a supergraph, but ask again each time (`no-cache`), with the key of whoever wants it, so that it
 * saves the bytes and gives nothing to who may not have it, even if it does not look at `vary`. Refusals are not kept. A manifest is named
 * by its hash and never changes: whoever knows its address may have it, for ever.
 */
export function serveUplink(app: FastifyInstance, options: UplinkOptions): void {
  const { current, lists } = options;
  const answer = createUplink(options);

  app.post('/uplink', { bodyLimit: BODY_LIMIT_BYTES }, async ({ body }, reply) => {
    const read = requestSchema.safeParse(body);
    const answered = read.success
      ? await answer(read.data)
      : { status: 400, body: { errors: [{ message: 'The body must be JSON with a query and its variables.' }] } };
    return reply.code(answered.status).header('cache-control', 'no-store').send(answered.body);
  });

  app.get('/supergraph/:graph/:variant', async ({ params, headers }, reply) => {
    const { graph: graphId, variant } = params as { graph: string; variant: string };
    reply.header('vary', 'x-api-key');
    try {
      const key = headers['x-api-key'];
      await admit(options, Array.isArray(key) ? undefined : key, { graphId, variant });
      const found = current.get(graphId, variant);
      if (found === undefined)
        throw new RegistryError('VARIANT_UNKNOWN', `Nothing is published for ${graphId}@${variant} yet that composes.`);
      const tag = `"${found.id}"`;
      reply.header('etag', tag).header('cache-control', 'no-cache').type('text/plain; charset=utf-8');
      if (isNamed(tag, headers['if-none-match'])) return reply.code(304).send();
      return reply.send(found.sdl);
    } catch (error) {
      return refuse(reply, error);
    }
  });

  app.get('/persisted-queries/:graph/:variant/:hash', async ({ params }, reply) => {
    const { graph: graphId, variant, hash } = params as { graph: string; variant: string; hash: string };
    try {
      const known = current.isKnown(graphId, variant) ? await lists.get(graphId, variant) : undefined;
      // Another process may have named one that is not seen here yet.
      const manifest = known?.hash === hash || known === undefined ? known : await lists.get(graphId, variant, true);
      if (manifest?.hash !== hash) throw new RegistryError('BAD_REQUEST', 'There is no such manifest, or no more.');
      return reply
        .header('cache-control', 'public, max-age=31536000, immutable')
        .type('application/json')
        .send(manifest.text);
    } catch (error) {
      return refuse(reply, error, 404);
    }
  });
}

/** RFC 9110, 13.1.2: by weak comparison. */
function isNamed(tag: string, ifNoneMatch: string | undefined): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.split(',').some((named) => ['*', tag].includes(named.trim().replace(/^W\//, '')));
}

/** @throws what is no refusal */
function refuse(reply: FastifyReply, error: unknown, status = 503): FastifyReply {
  if (!(error instanceof RegistryError)) throw error;
  const { code, message } = error;
  return reply
    .code(STATUS[code] ?? status)
    .header('cache-control', 'no-store')
    .send({ error: { code, message } });
}
