import type { FastifyInstance } from 'fastify';
import type { Json } from '../execution/own.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import { toOpenApi } from './openapi.ts';
import { openApiPage } from './openapi-page.ts';
import type { StoredOperation } from './stored-operation.ts';

export interface OpenApiRoutesOptions {
  readonly operations: readonly StoredOperation[];
  readonly currentSupergraph: () => Supergraph;
  readonly title: string;
}

/** Nothing but its own style. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Serves `/openapi.json`, and `/openapi`, a page for people. Made once for each graph. */
export function serveOpenApi(
  app: FastifyInstance,
  { operations, currentSupergraph, title }: OpenApiRoutesOptions,
): void {
  const made = new WeakMap<Supergraph, Json>();
  const current = () => {
    const supergraph = currentSupergraph();
    const known = made.get(supergraph) ?? toOpenApi(operations, supergraph, { title, version: supergraph.id });
    made.set(supergraph, known);
    return known;
  };
  app.get('/openapi.json', (_request, reply) => reply.headers({ 'cache-control': 'no-cache' }).send(current()));
  app.get('/openapi', (_request, reply) =>
    reply
      .headers({ 'content-security-policy': CONTENT_SECURITY_POLICY, 'cache-control': 'no-cache' })
      .type('text/html; charset=utf-8')
      .send(openApiPage(current())),
  );
}
