import { isTokenFault } from '../../service/tokens.ts';
import type { ErrorCode, GatewayError } from '../errors.ts';

/** The headers that tell a client what to do after a refusal, whatever it asked for: show another token, come back later. */
export function refusalHeaders(error: GatewayError): Record<string, string> {
  const headers: Record<string, string> = { ...error.headers };
  if (error.code === 'UNAUTHENTICATED') headers['www-authenticate'] = toChallenge(error);
  const wait = RETRY_AFTER_S[error.code];
  if (wait !== undefined) headers['retry-after'] = String(wait);
  return headers;
}

/** What a token lacks is told (RFC 6750, 3); who showed none, or something else, is told only that one is asked for. */
function toChallenge({ message, extensions: { reason } }: GatewayError): string {
  if (!isTokenFault(reason)) return 'Bearer';
  return `Bearer error="invalid_token", error_description="${message.replaceAll('"', "'")}"`;
}

/** In seconds. */
const RETRY_AFTER_S: { readonly [Code in ErrorCode]?: number } = {
  OVERLOADED: 1,
  TOO_MANY_CONCURRENT_REQUESTS: 1,
  RATE_LIMIT_UNAVAILABLE: 1,
  IDENTITY_PROVIDER_UNAVAILABLE: 5,
  UPSTREAM_CIRCUIT_OPEN: 1,
  UPSTREAM_OVERLOADED: 1,
};
