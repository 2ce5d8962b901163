import type { Identity } from '../service/identity.ts';
import { codedError } from './errors.ts';
import type { Caller } from './server.ts';

/** The scope of administrators. */
export const ADMIN = 'admin';

/** Who calls. @throws a coded UNAUTHENTICATED for an anonymous caller */
export function requireIdentity({ identity }: Caller): Identity {
  if (identity === undefined) throw codedError('UNAUTHENTICATED');
  return identity;
}

/** Who calls, with the right to do so. @throws a coded UNAUTHENTICATED, or FORBIDDEN when the token lacks the scope */
export function requireScope(caller: Caller, scope: string): Identity {
  const identity = requireIdentity(caller);
  if (!identity.scopes.has(scope)) throw codedError('FORBIDDEN', `This needs a token with the scope ${scope}.`);
  return identity;
}

/** Who calls: the user with this id, or an administrator. @throws a coded UNAUTHENTICATED or FORBIDDEN for all others */
export function requireSelfOrAdmin(caller: Caller, userId: string): Identity {
  const identity = requireIdentity(caller);
  // UUIDs are read in any case (RFC 9562 §4), and Postgres does so.
  if (identity.subject.toLowerCase() !== userId.toLowerCase() && !identity.scopes.has(ADMIN)) {
    throw codedError('FORBIDDEN', 'You may see your own data only.');
  }
  return identity;
}
