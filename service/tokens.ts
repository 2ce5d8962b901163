import { decodeJwt, errors, type JWTPayload, type JWTVerifyGetKey, type JWTVerifyOptions, jwtVerify } from 'jose';
import { findWords, type Identity } from './identity.ts';
import { createIssuerKeys, KeysUnavailableError } from './issuer-keys.ts';

/** Why a token is not accepted, in words that help its owner and no one else. */
const EXPLANATIONS = {
  expired: 'The access token has expired; get a new one with your refresh token or log in again.',
  audience: 'The access token was issued for another audience.',
  issuer: 'The access token comes from an issuer that is not trusted here.',
  signature: 'The signature of the access token is not valid.',
  'unknown key': 'The access token is signed with a key that its issuer does not publish.',
  algorithm: 'The access token is signed with an algorithm that is not accepted.',
  type: 'The token is not of the type that is accepted here.',
  malformed: 'The access token is not a well-formed JWT with the claims sub, iss, aud and exp.',
  'not yet valid': 'The access token is not valid yet.',
  revoked: 'The access token was revoked; log in again.',
  'keys unavailable': "The issuer's public keys cannot be fetched at the moment.",
} as const;

export type TokenFault = keyof typeof EXPLANATIONS;

export function isTokenFault(reason: unknown): reason is TokenFault {
  return typeof reason === 'string' && Object.hasOwn(EXPLANATIONS, reason);
}

/** A token that is not accepted. */
export class TokenError extends Error {
  readonly fault: TokenFault;

  constructor(fault: TokenFault, options?: ErrorOptions) {
    super(EXPLANATIONS[fault], options);
    this.name = 'TokenError';
    this.fault = fault;
  }
}

/** Signatures by a public key only (RFC 7518, RFC 8037): with `none` or an HMAC anyone could make a token from what is public. */
export const ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
] as const;

export interface TokenVerifierOptions {
  readonly issuer: string;
  /** A token is for one of them at least. */
  readonly audience: string | readonly string[];
  /** The issuer's JWKS, by address or at hand. */
  readonly keys: URL | JWTVerifyGetKey;
  /** Those of `ALGORITHMS` that are accepted; all by default. */
  readonly algorithms?: readonly string[];
  /** By how much the issuer's clock may differ from ours, in seconds; 5 by default. */
  readonly clockToleranceS?: number;
  /** The `typ` of the header, such as `at+jwt`; any by default. */
  readonly type?: string | undefined;
  /** Which claims hold scopes, and which roles; see `findWords`. `scope` and `scp`, and `roles`, by default. */
  readonly scopeClaims?: readonly string[];
  readonly roleClaims?: readonly string[];
}

export type VerifyToken = (token: string) => Promise<Identity>;

/**
 * Makes the function that turns a bearer token (a JWT, RFC 7519, by the profile of RFC 9068) into an identity.
 * A JWKS by address is fetched at first need and kept: see `createIssuerKeys`.
 *
 * @throws {TokenError} from the returned function, for every token that is not accepted
 */
export function createTokenVerifier(options: TokenVerifierOptions): VerifyToken {
  const { issuer, audience, keys, algorithms = ALGORITHMS, clockToleranceS = 5, type } = options;
  const { scopeClaims = ['scope', 'scp'], roleClaims = ['roles'] } = options;
  const find = keys instanceof URL ? createIssuerKeys(keys).find : keys;
  const checks: JWTVerifyOptions = {
    issuer,
    audience: typeof audience === 'string' ? audience : [...audience],
    algorithms: [...algorithms],
    requiredClaims: ['sub', 'exp'],
    clockTolerance: clockToleranceS,
    ...(type !== undefined && { typ: type }),
  };
  return async (token) => {
    try {
      const claims = await verify(token, find, checks);
      const { sub: subject, exp: expiresAt } = claims;
      if (typeof subject !== 'string' || subject === '') throw new errors.JWTInvalid('"sub" must be text');
      const [scopes, roles] = [findWords(claims, scopeClaims), findWords(claims, roleClaims)];
      return { kind: 'token', issuer, subject, scopes, roles, expiresAt, claims };
    } catch (error) {
      const fault = faultOf(error);
      throw fault === undefined ? error : new TokenError(fault, { cause: error });
    }
  };
}

/** What a token says of who issued it, unverified: only whose keys it is to be verified by. @throws {TokenError} `malformed` */
export function readIssuer(token: string): string {
  try {
    return decodeJwt(token).iss ?? '';
  } catch (cause) {
    throw new TokenError('malformed', { cause });
  }
}

/** A token without a `kid` may be signed with any of the keys that fit it. */
async function verify(token: string, find: JWTVerifyGetKey, checks: JWTVerifyOptions): Promise<JWTPayload> {
  try {
    return (await jwtVerify(token, find, checks)).payload;
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    for await (const key of error) {
      try {
        return (await jwtVerify(token, key, checks)).payload;
      } catch (next) {
        if (!(next instanceof errors.JWSSignatureVerificationFailed)) throw next;
      }
    }
    throw new errors.JWSSignatureVerificationFailed();
  }
}

const CLAIM_FAULTS: Readonly<Record<string, TokenFault>> = {
  aud: 'audience',
  iss: 'issuer',
  nbf: 'not yet valid',
  iat: 'not yet valid',
  typ: 'type',
};

/** @returns nothing for what is no fault of a token: a bug, or keys at hand that could not be read */
function faultOf(error: unknown): TokenFault | undefined {
  if (error instanceof KeysUnavailableError) return 'keys unavailable';
  if (error instanceof errors.JWTExpired) return 'expired';
  if (error instanceof errors.JWTClaimValidationFailed)
    return error.reason === 'check_failed' ? (CLAIM_FAULTS[error.claim] ?? 'malformed') : 'malformed';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'signature';
  if (error instanceof errors.JWKSNoMatchingKey) return 'unknown key';
  if (error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JOSENotSupported) return 'algorithm';
  if (error instanceof errors.JWTInvalid || error instanceof errors.JWSInvalid) return 'malformed';
  return undefined;
}
