import { and, arrayContains, asc, count, eq, sql } from 'drizzle-orm';
import type { Query } from './query.ts';
import { persistedOperation, persistedQueryList } from './tables.ts';

export type PersistedListRow = Readonly<typeof persistedQueryList.$inferSelect>;
export type PersistedOperationRow = Readonly<typeof persistedOperation.$inferSelect>;

const ID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

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

/** Of a graph, oldest first. */
export function listPersistedLists(query: Query, graphId: string): Promise<readonly PersistedListRow[]> {
  return query
    .select()
    .from(persistedQueryList)
    .where(eq(persistedQueryList.graphId, graphId))
    .orderBy(asc(persistedQueryList.createdAt), asc(persistedQueryList.id));
}

export async function countPersistedLists(query: Query, graphId: string): Promise<number> {
  const [row] = await query
    .select({ count: count() })
    .from(persistedQueryList)
    .where(eq(persistedQueryList.graphId, graphId));
  return row?.count ?? 0;
}

/** `undefined` for an id that no list of the graph has, or that is no id. */
export async function readPersistedList(
  query: Query,
  graphId: string,
  id: string,
): Promise<PersistedListRow | undefined> {
  if (!ID.test(id)) return undefined;
  const rows = await query
    .select()
    .from(persistedQueryList)
    .where(and(eq(persistedQueryList.graphId, graphId), eq(persistedQueryList.id, id)));
  return rows[0];
}

/** Within a transaction: holds the list until it ends, so that its operations change by one at a time. */
export async function holdPersistedList(query: Query, id: string): Promise<void> {
  if (ID.test(id)) await query.select().from(persistedQueryList).where(eq(persistedQueryList.id, id)).for('update');
}

export async function insertPersistedList(
  query: Query,
  { graphId, name, variants, createdAt }: Pick<PersistedListRow, 'graphId' | 'name' | 'createdAt' | 'variants'>,
): Promise<PersistedListRow> {
  const [row] = await query
    .insert(persistedQueryList)
    .values({ graphId, name, createdAt, variants: [...variants] })
    .returning();
  if (row === undefined) throw new Error('a list was not inserted');
  return row;
}

export async function updateListVariants(query: Query, id: string, variants: readonly string[]): Promise<void> {
  await query
    .update(persistedQueryList)
    .set({ variants: [...variants] })
    .where(eq(persistedQueryList.id, id));
}

/** With its operations. */
export async function deletePersistedList(query: Query, id: string): Promise<void> {
  await query.delete(persistedQueryList).where(eq(persistedQueryList.id, id));
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
