import { and, eq, gt, lte } from 'drizzle-orm';
import type { KeyRow } from './keys.ts';
import type { Query } from './query.ts';
import { key, session } from './tables.ts';

export type SessionRow = Readonly<typeof session.$inferSelect>;

export async function insertSession(query: Query, row: SessionRow): Promise<void> {
  await query.insert(session).values(row);
}

/** The key that somebody has signed in with, also one that was revoked meanwhile; `undefined` when the session is over. */
export async function findKeyOfSession(query: Query, hash: string, now: Date): Promise<KeyRow | undefined> {
  const rows = await query
    .select({ key })
    .from(session)
    .innerJoin(key, eq(key.id, session.keyId))
    .where(and(eq(session.hash, hash), gt(session.expiresAt, now)));
  return rows[0]?.key;
}

export async function deleteSession(query: Query, hash: string): Promise<void> {
  await query.delete(session).where(eq(session.hash, hash));
}

/** Forgets those that are over. */
export async function deleteSessionsBefore(query: Query, at: Date): Promise<void> {
  await query.delete(session).where(lte(session.expiresAt, at));
}
