import { randomBytes } from 'node:crypto';
import type { Database } from '../../service/database.ts';
import { RegistryError } from '../errors.ts';
import { deleteSession, deleteSessionsBefore, findKeyOfSession, insertSession } from '../storage/sessions.ts';
import { reaching } from '../storage/unavailable.ts';
import { audit } from './audit.ts';
import { type Keys, toPrincipal } from './keys.ts';
import type { Principal } from './principal.ts';
import { hashSecret } from './secret.ts';

/** Who is signed in to the console. What the browser keeps is of use here alone, and is not the key. */
export interface Sessions {
  /** Begins a session with a key. @throws {RegistryError} KEY_INVALID, DATABASE_UNAVAILABLE */
  begin(key: string): Promise<{ readonly token: string; readonly principal: Principal }>;
  /** Whose session it is: asked of the database each time, so that a revoked key ends its sessions. @throws {RegistryError} DATABASE_UNAVAILABLE */
  identify(token: string): Promise<Principal | undefined>;
  /** Ends it, everywhere. @throws {RegistryError} DATABASE_UNAVAILABLE */
  end(token: string): Promise<void>;
}

export interface SessionsOptions {
  readonly database: Database;
  readonly keys: Pick<Keys, 'identify'>;
  /** How long one lasts, in milliseconds. */
  readonly lastsMs: number;
  readonly now: () => Date;
}

/** Sessions are in the database: each process knows those of the others, and a restart ends none. */
export function createSessions({ database: { query }, keys, lastsMs, now }: SessionsOptions): Sessions {
  return {
    begin: async (key) => {
      const principal = await keys.identify(key);
      if (principal === undefined)
        throw new RegistryError('KEY_INVALID', 'The registry does not know this key: never made, revoked or expired.');
      const token = randomBytes(32).toString('base64url');
      const { keyId, name: actor, graphId, variant } = principal;
      await reaching(async () => {
        await deleteSessionsBefore(query, now());
        await insertSession(query, {
          hash: hashSecret(token),
          keyId,
          expiresAt: new Date(now().getTime() + lastsMs),
        });
        await audit(query, { actor, action: 'session.begin', graphId, variant, outcome: 'done', details: {} }, now());
      });
      return { token, principal };
    },
    identify: async (token) => {
      const row = await reaching(() => findKeyOfSession(query, hashSecret(token), now()));
      return row === undefined ? undefined : toPrincipal(row, now());
    },
    end: (token) => reaching(() => deleteSession(query, hashSecret(token))),
  };
}
