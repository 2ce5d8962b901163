import type { FastifyInstance } from 'fastify';

/**
 * What every response says to browsers: take it for what it says it is, run and embed nothing of it, let no other site load it as
 * part of a page, and name our addresses to nobody. Requests of other origins that CORS allows are not touched by it. Whoever
 * serves a page replaces the policy with its own. Strict-Transport-Security is for the proxy that speaks TLS.
 */
export const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
} as const;

/** Adds them to all that a server sends, its errors and redirects included. */
export function addSecurityHeaders(app: FastifyInstance): void {
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(SECURITY_HEADERS);
    done();
  });
}
