import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';
import type { HttpConfig } from '../http-config.ts';

/** Headers of ours that a page of another origin may read: how long it may keep an answer, and when it may ask again. */
const EXPOSED = ['age', 'cache-status', 'etag', 'ratelimit', 'ratelimit-policy', 'retry-after', 'www-authenticate'];

/** Lets pages of some origins call the gateway (Fetch standard, "CORS protocol"); of none, unless any are named. @param methods beside those of GraphQL */
export async function allowOrigins(
  app: FastifyInstance,
  options: HttpConfig['cors'],
  methods: readonly string[] = [],
): Promise<void> {
  const { origins, credentials, allowedHeaders, exposedHeaders, maxAgeMs } = options;
  if (origins.length === 0) return;
  await app.register(cors, {
    origin: [...origins],
    credentials,
    methods: [...new Set(['GET', 'POST', ...methods])],
    ...(allowedHeaders.length === 0 ? {} : { allowedHeaders: [...allowedHeaders] }),
    exposedHeaders: [...new Set([...EXPOSED, ...exposedHeaders.map((name) => name.toLowerCase())])],
    maxAge: Math.floor(maxAgeMs / 1_000),
  });
}
