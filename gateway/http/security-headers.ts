import type { FastifyInstance } from 'fastify';
import type { HttpConfig } from '../http-config.ts';

/**
 * What every response says to browsers: take it for what it says it is, run and embed nothing of it, let no other site load it as
 * part of a page, and name our addresses to nobody. Requests of other origins that CORS allows are not touched by it. Whoever
 * serves a page replaces the policy with its own.
 */
export const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
} as const;

/**
 * Adds them to all that a server sends, its errors and redirects included; with `maxAgeS`, `strict-transport-security` as well (RFC 6797), to which
 * browsers listen when a proxy has made TLS of it.
 */
export function addSecurityHeaders(app: FastifyInstance, { maxAgeS, includeSubdomains }: HttpConfig['hsts']): void {
  const transport = `max-age=${maxAgeS}${includeSubdomains ? '; includeSubDomains' : ''}`;
  const headers = { ...SECURITY_HEADERS, ...(maxAgeS !== undefined && { 'strict-transport-security': transport }) };
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers);
    done();
  });
}
