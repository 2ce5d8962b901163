import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import type { SigningKeys } from './keys.ts';

/** A new access token and when it expires. */
export interface AccessToken {
  readonly token: string;
  /** In seconds. */
  readonly ttlS: number;
  readonly expiresAt: Date;
}

export interface TokenRequest {
  /** The user's id, or `service:NAME`. */
  readonly subject: string;
  readonly scopes: readonly string[];
  /** RFC 9068 wants to know for whom it was issued; `tributary` for people, the service's name for services. */
  readonly clientId: string;
}

export type IssueToken = (request: TokenRequest) => Promise<AccessToken>;

export interface TokenIssuerOptions {
  readonly keys: SigningKeys;
  readonly issuer: string;
  readonly audience: string;
  /** In seconds. */
  readonly ttlS: number;
  readonly now: () => Date;
}

/** Makes the function that issues access tokens: JWTs by the profile of RFC 9068, signed with the current key. */
export function createTokenIssuer({ keys, issuer, audience, ttlS, now }: TokenIssuerOptions): IssueToken {
  return async ({ subject, scopes, clientId }) => {
    const { kid, key } = await keys.current();
    const issuedAt = Math.floor(now().getTime() / 1_000);
    const expiresAt = issuedAt + ttlS;
    const token = await new SignJWT({ scope: scopes.join(' '), client_id: clientId })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(subject)
      .setIssuedAt(issuedAt)
      .setExpirationTime(expiresAt)
      .setJti(randomUUID())
      .sign(key);
    return { token, ttlS, expiresAt: new Date(expiresAt * 1_000) };
  };
}
