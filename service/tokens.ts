import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { Identity } from './identity.ts';
import { createIssuerKeys } from './issuer-keys.ts';

export type TokenFault =
  | 'expired'
  | 'audience'
  | 'issuer'
  | 'signature'
  | 'unknown key'
  | 'algorithm'
  | 'malformed'
  | 'not yet valid'
  | 'keys unavailable';

/** A token that is not accepted; `fault` says why, in words that help its owner and no one else. */
export class TokenError extends Error {
  readonly fault: TokenFault;

  constructor(fault: TokenFault, options?: ErrorOptions) {
    super(EXPLANATIONS[fault], options);
    this.name = 'TokenError';
    this.fault = fault;
  }
}

const EXPLANATIONS: Readonly<Record<TokenFault, string>> = {
  expired: 'The access token has expired; get a new one with your refresh token or log in again.',
  audience: 'The access token was issued for another audience.',
  issuer: 'The access token comes from an issuer that is not trusted here.',
  signature: 'The signature of the access token is not valid.',
  'unknown key': 'The access token is signed with a key that its issuer does not publish.',
  algorithm: 'The access token is signed with an algorithm that is not accepted.',
  malformed: 'The access token is not a well-formed JWT with the claims sub, iss, aud and exp.',
  'not yet valid': 'The access token is not valid yet.',
  'keys unavailable': "The issuer's public keys cannot be fetched at the moment.",
};

export interface TokenVerifierOptions {
  readonly issuer: string;
  readonly audience: string;
  /** The issuer's JWKS, by address or at hand. */
  readonly keys: URL | JWTVerifyGetKey;
}

export type VerifyToken = (token: string) => Promise<Identity>;

/** Signatures by a public key only: with `none` or an HMAC anyone could make a token from what is public. */
const ALGORITHMS = ['ES256', 'EdDSA'];

/**
 * Makes the function that turns a bearer token (a JWT, RFC 7519, by the profile of RFC 9068) into an identity.
 * A JWKS by address is fetched at first need and kept: see `createIssuerKeys`.
 *
 * @throws {TokenError} from the returned function, for every token that is not accepted
 */
export function createTokenVerifier({ issuer, audience, keys }: TokenVerifierOptions): VerifyToken {
  const key = keys instanceof URL ? createIssuerKeys(keys) : keys;
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, key, {
        issuer,
        audience,
        algorithms: ALGORITHMS,
        requiredClaims: ['sub', 'exp'],
        clockTolerance: 5,
      });
      return toIdentity(payload);
    } catch (error) {
      throw new TokenError(faultOf(error), { cause: error });
    }
  };
}

function toIdentity(claims: JWTPayload): Identity {
  return {
    kind: 'token',
    issuer: claims.iss ?? '',
    subject: claims.sub ?? '',
    scopes: new Set(typeof claims.scope === 'string' ? claims.scope.split(' ').filter((scope) => scope !== '') : []),
    roles: new Set(),
    expiresAt: claims.exp,
    claims,
  };
}

function faultOf(error: unknown): TokenFault {
  if (error instanceof errors.JWTExpired) return 'expired';
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.reason === 'missing') return 'malformed';
    if (error.claim === 'aud') return 'audience';
    if (error.claim === 'iss') return 'issuer';
    if (error.claim === 'nbf' || error.claim === 'iat') return 'not yet valid';
    return 'malformed';
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'signature';
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys)
    return 'unknown key';
  if (error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JOSENotSupported) return 'algorithm';
  if (error instanceof errors.JWTInvalid || error instanceof errors.JWSInvalid) return 'malformed';
  return 'keys unavailable';
}
