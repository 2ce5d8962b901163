import { GatewayError } from '../errors.ts';

/** Any of these makes a browser ask first (a preflight), so no other site's page can send it unnoticed. */
const PREFLIGHTED_HEADERS = ['apollo-require-preflight', 'x-apollo-operation-name', 'graphql-require-preflight'];

/** What a form can send without asking (Fetch standard, "CORS-safelisted request-header"). */
const SIMPLE_TYPES = ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain'];

/**
 * Refuses requests that any web page could make a visitor's browser send, with the visitor's cookies and from the visitor's
 * network, without a preflight.
 *
 * @throws {GatewayError} `CSRF_PREVENTED`
 */
export function preventCsrf(headers: Readonly<Record<string, string | readonly string[] | undefined>>): void {
  const mediaType = String(headers['content-type'] ?? '')
    .split(';')[0]
    ?.trim()
    .toLowerCase();
  if (mediaType !== undefined && mediaType !== '' && !SIMPLE_TYPES.includes(mediaType)) return;
  if (PREFLIGHTED_HEADERS.some((name) => (headers[name] ?? '') !== '')) return;
  throw new GatewayError(
    'CSRF_PREVENTED',
    `This request could have been sent by any web page. Send "content-type: application/json", or one of the headers ${PREFLIGHTED_HEADERS.join(', ')}.`,
  );
}
