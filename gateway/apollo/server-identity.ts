import type { Identity } from '../../service/identity.ts';

/** Who asks, as the team's own server knows it. */
export interface ServerIdentity {
  /** The user's id. */
  readonly subject: string;
  /** What `@requiresScopes` looks at. */
  readonly scopes?: Iterable<string>;
  readonly roles?: Iterable<string>;
  /** For the policy module. */
  readonly claims?: Identity['claims'];
}

/** From the context value that the team's server made for a request; `undefined` for an anonymous caller. */
export type IdentityFrom<Context> = (context: Context) => ServerIdentity | undefined;

/** The same for the guard. What it comes from is the server's business. */
export function toIdentity({ subject, scopes = [], roles = [], claims = {} }: ServerIdentity): Identity {
  const known = { kind: 'token', issuer: '', subject, expiresAt: undefined, claims } as const;
  return { ...known, scopes: new Set(scopes), roles: new Set(roles) };
}
