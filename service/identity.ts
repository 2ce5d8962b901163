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
  /** All that the token says; of an API key `iss`, `sub`, `scope` and `roles`. */
  readonly claims: Readonly<Record<string, unknown>>;
}
