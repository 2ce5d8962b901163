import type { Database } from '../../service/database.ts';
import { ADMIN } from '../authorize.ts';
import { codedError } from '../errors.ts';
import { LONGEST_PASSWORD, readAccountField } from './account.ts';
import { addUser, createUserLoader, findByEmail } from './data.ts';
import type { Passwords } from './passwords.ts';
import type { RefreshTokens } from './refresh-tokens.ts';
import type { UserSource } from './sources.ts';
import type { IssueToken } from './tokens.ts';

/** What a login gives. */
export interface Session {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Of the access token. */
  readonly expiresAt: Date;
}

/** Making accounts, and coming in and out. */
export interface Sessions {
  /** @throws a coded BAD_USER_INPUT or EMAIL_TAKEN */
  readonly register: (account: { name: string; email: string; password: string }) => Promise<Session>;
  /** @throws a coded INVALID_CREDENTIALS, the same for an unknown email and a wrong password, after the same time */
  readonly login: (credentials: { email: string; password: string }) => Promise<Session>;
  /** @throws a coded INVALID_REFRESH_TOKEN */
  readonly refresh: (refreshToken: string) => Promise<Session>;
  readonly logout: (refreshToken: string) => Promise<void>;
}

export interface SessionsOptions {
  readonly database: Database;
  readonly passwords: Passwords;
  readonly refreshTokens: RefreshTokens;
  readonly issue: IssueToken;
  readonly now: () => Date;
}

export function createSessions({ database, passwords, refreshTokens, issue, now }: SessionsOptions): Sessions {
  async function toSession({ id, role }: UserSource, refreshToken: string): Promise<Session> {
    const scopes = role === 'ADMIN' ? ['user', ADMIN] : ['user'];
    const { token, expiresAt } = await issue({ subject: id, scopes, clientId: 'tributary' });
    return { accessToken: token, refreshToken, expiresAt };
  }

  return {
    async register(account) {
      const name = readAccountField('name', account.name);
      const email = readAccountField('email', account.email);
      const password = readAccountField('password', account.password);
      if ((await findByEmail(database, email)) !== undefined) throw codedError('EMAIL_TAKEN');
      const passwordHash = await passwords.hash(password);
      const user = await addUser(database, { name, email, role: 'CUSTOMER', passwordHash, createdAt: now() });
      return toSession(user, await refreshTokens.begin(user.id));
    },

    async login({ email, password }) {
      // Nobody's password: how long it takes tells nothing, and normalising megabytes would hold up everyone.
      if (password.length > LONGEST_PASSWORD) throw codedError('INVALID_CREDENTIALS');
      const user = await findByEmail(database, email);
      if (!(await passwords.verify(password, user?.passwordHash)) || user === undefined) {
        throw codedError('INVALID_CREDENTIALS');
      }
      return toSession(user, await refreshTokens.begin(user.id));
    },

    async refresh(refreshToken) {
      const { userId, token } = await refreshTokens.exchange(refreshToken);
      // The user as it is now: a role that was taken away does not live on in old sessions.
      const user = await createUserLoader(database).load(userId);
      if (user === undefined) throw codedError('INVALID_REFRESH_TOKEN');
      return toSession(user, token);
    },

    logout: (refreshToken) => refreshTokens.end(refreshToken),
  };
}
