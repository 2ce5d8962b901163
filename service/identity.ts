/** Who asks, when that is known. An anonymous caller has none. */
export interface Identity {
  /** How it was shown: by an access token, or by the API key of a machine. */
  readonly kind: 'token' | 'api key';
  /** The `iss` of the token; for API keys one that no token can have. Together with the subject it is one caller's alone. */
  readonly issuer: string;
  /** The user's id, or `service:NAME`; of an API key its name. */
  readonly subject: string;
  /** OAuth 2.0 scopes (RFC 6749 §3.3): what the caller may do here. */
  readonly scopes: ReadonlySet<string>;
  /** What the caller is, as its issuer says. */
  readonly roles: ReadonlySet<string>;
  /** Seconds since the epoch; `undefined` for what does not expire. */
  readonly expiresAt: number | undefined;
  /** All that the token says; of an API key `iss`, `sub`, `jti` (the hash of the key), `scope` and `roles`. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** A claim by its name, or with dots one inside of others: `realm_access.roles`. A claim with dots in its own name goes first. */
export function findClaim(claims: Identity['claims'], name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  let found: unknown = claims;
  for (const part of name.split('.')) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, part)) return undefined;
    found = (found as Identity['claims'])[part];
  }
  return found;
}

/** The words of all these claims, each a list of words, or one text with spaces between them (RFC 8693, 4.2). */
export function findWords(claims: Identity['claims'], names: readonly string[]): ReadonlySet<string> {
  const words = names.flatMap((name) => {
    const claim = findClaim(claims, name);
    return typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim : [];
  });
  return new Set(words.filter((word) => typeof word === 'string' && word !== ''));
}
