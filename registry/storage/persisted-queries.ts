import { and, arrayContains, asc, eq, sql } from 'drizzle-orm';
import type { Query } from './query.ts';
import { persistedOperation, persistedQueryList } from './tables.ts';

export type PersistedListRow = Readonly<typeof persistedQueryList.$inferSelect>;
export type PersistedOperationRow = Readonly<typeof persistedOperation.$inferSelect>;

/** The list that a variant serves. */
export async function readListOfVariant(
  query: Query,
  graphId: string,
  variant: string,
): Promise<PersistedListRow | undefined> {
  const rows = await query
    .select()
    .from(persistedQueryList)
    .where(and(eq(persistedQueryList.graphId, graphId), arrayContains(persistedQueryList.variants, [variant])))
    .orderBy(asc(persistedQueryList.createdAt))
    .limit(1);
  return rows[0];
}

/** `undefined` for an id that no list of the graph has, or that is no id. */
export async function readPersistedList(
  query: Query,
  graphId: string,
  id: string,
): Promise<PersistedListRow | undefined> {
  if (!/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(id)) return undefined;
  const rows = await query
    .select()
    .from(persistedQueryList)
    .where(and(eq(persistedQueryList.graphId, graphId), eq(persistedQueryList.id, id)));
  return rows[0];
}

/** Within a transaction: holds the list until it ends, so that its operations change by one at a time. */
export async function holdPersistedList(query: Query, id: string): Promise<void> {
  await query.select().from(persistedQueryList).where(eq(persistedQueryList.id, id)).for('update');
}

export async function insertPersistedList(
  query: Query,
  { graphId, name, variants, createdAt }: Pick<PersistedListRow, 'graphId' | 'name' | 'createdAt' | 'variants'>,
): Promise<{ readonly id: string }> {
  const [row] = await query
    .insert(persistedQueryList)
    .values({ graphId, name, createdAt, variants: [...variants] })
    .returning({ id: persistedQueryList.id });
  if (row === undefined) throw new Error('a list was not inserted');
  return row;
}

/** All, those that are not served too; by id. */
export function listPersistedOperations(query: Query, listId: string): Promise<readonly PersistedOperationRow[]> {
  return query
    .select()
    .from(persistedOperation)
    .where(eq(persistedOperation.listId, listId))
    .orderBy(asc(persistedOperation.id), asc(persistedOperation.clientName));
}

const ROWS_AT_ONCE = 1_000;

/** Adds operations, or writes over those of the same id and client, and counts the revision of the list up. @returns it */
export async function putPersistedOperations(
  query: Query,
  listId: string,
  operations: readonly PersistedOperationRow[],
): Promise<{ readonly revision: number }> {
  for (let start = 0; start < operations.length; start += ROWS_AT_ONCE) {
    await query
      .insert(persistedOperation)
      .values(operations.slice(start, start + ROWS_AT_ONCE))
      .onConflictDoUpdate({
        target: [persistedOperation.listId, persistedOperation.id, persistedOperation.clientName],
        set: {
          name: sql`excluded.name`,
          type: sql`excluded.type`,
          body: sql`excluded.body`,
          isActive: sql`excluded.is_active`,
        },
      });
  }
  const [row] = await query
    .update(persistedQueryList)
    .set({ revision: sql`${persistedQueryList.revision} + 1` })
    .where(eq(persistedQueryList.id, listId))
    .returning({ revision: persistedQueryList.revision });
  return { revision: row?.revision ?? 0 };
}
