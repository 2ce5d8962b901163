import type { Identity } from '../../service/identity.ts';
import { TokenError, type VerifyToken } from '../../service/tokens.ts';
import { GatewayError } from '../errors.ts';

/** From an `authorization` header to who is asking; `undefined` for an anonymous caller. @throws {GatewayError} 401, 503 */
export type Authenticate = (authorization: string | undefined) => Promise<Identity | undefined>;

/**
 * A request without a token is anonymous; one with a token that is not valid is refused, rather than served as anonymous
 * and taken for something else.
 *
 * @param verifyToken `undefined` when no issuer is configured: tokens then pass unread to the subgraphs, which check them
 */
export function createAuthenticate(verifyToken: VerifyToken | undefined): Authenticate {
  return async (authorization) => {
    if (authorization === undefined || verifyToken === undefined) return undefined;
    const token = /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
    if (token === undefined) {
      throw new GatewayError('UNAUTHENTICATED', 'The authorization header must be "Bearer TOKEN".', {
        extensions: { reason: 'malformed' },
      });
    }
    try {
      return await verifyToken(token);
    } catch (error) {
      if (!(error instanceof TokenError)) throw error;
      const code = error.fault === 'keys unavailable' ? 'IDENTITY_PROVIDER_UNAVAILABLE' : 'UNAUTHENTICATED';
      throw new GatewayError(code, error.message, { cause: error, extensions: { reason: error.fault } });
    }
  };
}
