import { createHash, randomBytes } from 'node:crypto';
import { and, eq, isNull, lt } from 'drizzle-orm';
import type { Database } from '../../service/database.ts';
import { codedError } from '../errors.ts';
import { refreshToken, session } from './tables.ts';

/**
 * Refresh tokens (RFC 9700 §4.14.2): opaque, stored as hashes, good for one use, each replaced by the next of its session. A token that
 * comes again after it was used was copied; since nobody knows by whom, the whole session ends.
 */
export interface RefreshTokens {
  /** Begins a session. */
  readonly begin: (userId: string) => Promise<string>;
  /** Spends a token for the next one. @throws a coded INVALID_REFRESH_TOKEN */
  readonly exchange: (token: string) => Promise<{ readonly userId: string; readonly token: string }>;
  /** Ends the session of a token, if there is one. */
  readonly end: (token: string) => Promise<void>;
}

export interface RefreshTokensOptions {
  readonly database: Database;
  readonly ttlDays: number;
  readonly now: () => Date;
}

export function createRefreshTokens({ database: { query }, ttlDays, now }: RefreshTokensOptions): RefreshTokens {
  const expiry = () => new Date(now().getTime() + ttlDays * 86_400_000);

  return {
    async begin(userId) {
      const token = createToken();
      await query.delete(session).where(lt(session.expiresAt, now()));
      await query.transaction(async (transaction) => {
        const begun = await transaction
          .insert(session)
          .values({ userId, expiresAt: expiry() })
          .returning({ sessionId: session.id });
        await transaction
          .insert(refreshToken)
          .values(begun.map(({ sessionId }) => ({ sessionId, hash: toHash(token) })));
      });
      return token;
    },

    async exchange(token) {
      const [found] = await query
        .select({
          sessionId: session.id,
          userId: session.userId,
          expiresAt: session.expiresAt,
          usedAt: refreshToken.usedAt,
        })
        .from(refreshToken)
        .innerJoin(session, eq(session.id, refreshToken.sessionId))
        .where(eq(refreshToken.hash, toHash(token)));
      if (found === undefined || found.expiresAt <= now()) throw codedError('INVALID_REFRESH_TOKEN');
      const { sessionId, userId } = found;
      if (found.usedAt !== null) {
        await query.delete(session).where(eq(session.id, sessionId));
        throw codedError('INVALID_REFRESH_TOKEN');
      }
      const next = createToken();
      await query.transaction(async (transaction) => {
        // Touching the session first keeps it from being ended between here and the end of this transaction.
        const kept = await transaction
          .update(session)
          .set({ expiresAt: expiry() })
          .where(eq(session.id, sessionId))
          .returning({ id: session.id });
        const spent = await transaction
          .update(refreshToken)
          .set({ usedAt: now() })
          .where(and(eq(refreshToken.hash, toHash(token)), isNull(refreshToken.usedAt)))
          .returning({ hash: refreshToken.hash });
        // Two tabs that refresh in the same moment are a race of the token's owner, not a theft: the second is refused, no more.
        if (kept.length === 0 || spent.length === 0) throw codedError('INVALID_REFRESH_TOKEN');
        await transaction.insert(refreshToken).values({ sessionId, hash: toHash(next) });
      });
      return { userId, token: next };
    },

    async end(token) {
      const mine = query
        .select({ id: refreshToken.sessionId })
        .from(refreshToken)
        .where(eq(refreshToken.hash, toHash(token)));
      await query.delete(session).where(eq(session.id, mine));
    },
  };
}

/** 256 random bits: nothing to guess, so a fast hash protects it well enough. */
function createToken(): string {
  return randomBytes(32).toString('base64url');
}

function toHash(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
