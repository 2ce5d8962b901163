import { and, asc, eq, gt, isNull, ne, or, sql } from 'drizzle-orm';
import type { Query } from './query.ts';
import { key } from './tables.ts';

export type KeyRow = Readonly<typeof key.$inferSelect>;

export async function insertKey(query: Query, row: Omit<KeyRow, 'id' | 'revokedAt'>): Promise<{ readonly id: string }> {
  const [inserted] = await query
    .insert(key)
    .values({ ...row, verbs: [...row.verbs] })
    .returning({ id: key.id });
  if (inserted === undefined) throw new Error('a key was not inserted');
  return inserted;
}

/** Also one that is revoked or expired. */
export async function findKeyByHash(query: Query, hash: string): Promise<KeyRow | undefined> {
  const rows = await query.select().from(key).where(eq(key.hash, hash));
  return rows[0];
}

/** `undefined` for an id that no key has, or that is no id. */
export async function findKey(query: Query, id: string): Promise<KeyRow | undefined> {
  if (!/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(id)) return undefined;
  const rows = await query.select().from(key).where(eq(key.id, id));
  return rows[0];
}

/** Those of a graph, or all; oldest first, revoked ones too. */
export function listKeys(query: Query, graphId?: string): Promise<readonly KeyRow[]> {
  return query
    .select()
    .from(key)
    .where(graphId === undefined ? undefined : eq(key.graphId, graphId))
    .orderBy(asc(key.createdAt), asc(key.id));
}

export async function renameKey(query: Query, id: string, name: string): Promise<void> {
  await query.update(key).set({ name }).where(eq(key.id, id));
}

/** A key that is revoked stays so, since when it was. */
export async function revokeKey(query: Query, id: string, now: Date): Promise<void> {
  await query
    .update(key)
    .set({ revokedAt: now })
    .where(and(eq(key.id, id), isNull(key.revokedAt)));
}

/** Those that somebody made, but one. @returns their ids */
export async function revokeOthersOf(query: Query, createdBy: string, hash: string, now: Date): Promise<string[]> {
  const rows = await query
    .update(key)
    .set({ revokedAt: now })
    .where(and(eq(key.createdBy, createdBy), ne(key.hash, hash), isNull(key.revokedAt)))
    .returning({ id: key.id });
  return rows.map(({ id }) => id);
}

/** Whether somebody may do everything, everywhere, now. */
export async function hasAdministrator(query: Query, now: Date): Promise<boolean> {
  const rows = await query
    .select({ id: key.id })
    .from(key)
    .where(
      and(
        ...[key.graphId, key.variant, key.subgraph, key.revokedAt].map((column) => isNull(column)),
        or(isNull(key.expiresAt), gt(key.expiresAt, now)),
        sql`'admin' = any(${key.verbs})`,
      ),
    )
    .limit(1);
  return rows.length > 0;
}

/** Processes that start at the same time do this one after the other, until their transactions end. */
export async function holdKeys(query: Query): Promise<void> {
  await query.execute(sql`select pg_advisory_xact_lock(hashtext('tributary:registry:keys'))`);
}
