import { and, count, eq, lt, notExists, sql } from 'drizzle-orm';
import type { Query } from './query.ts';
import { operation, usage } from './tables.ts';

export type NewOperation = Omit<Readonly<typeof operation.$inferInsert>, 'id'>;

const ROWS_AT_ONCE = 500;

/** The numbers that stand for operations, by hash: of those that the graph has. */
export async function findOperations(
  query: Query,
  graphId: string,
  hashes: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (hashes.length === 0) return new Map();
  const rows = await query
    .select({ hash: operation.hash, id: operation.id })
    .from(operation)
    .where(and(eq(operation.graphId, graphId), sql`${operation.hash} = any(${sql.param(hashes)}::text[])`));
  return new Map(rows.map(({ hash, id }) => [hash, id]));
}

export async function countOperations(query: Query, graphId: string): Promise<number> {
  const [row] = await query.select({ count: count() }).from(operation).where(eq(operation.graphId, graphId));
  return row?.count ?? 0;
}

/**
 * Adds operations; of one that is there already only the coordinates, which variables may have added to.
 *
 * @param maxCoordinates of one operation: those that come when there are as many are left out
 */
export async function putOperations(
  query: Query,
  operations: readonly NewOperation[],
  maxCoordinates: number,
): Promise<void> {
  // In one order everywhere: two transactions that hold rows of each other would wait for ever.
  const sorted = [...operations].sort((a, b) => (a.hash < b.hash ? -1 : 1));
  for (let start = 0; start < sorted.length; start += ROWS_AT_ONCE) {
    await query
      .insert(operation)
      .values(sorted.slice(start, start + ROWS_AT_ONCE))
      .onConflictDoUpdate({
        target: [operation.graphId, operation.hash],
        set: {
          coordinates: sql`(
            select array_agg(name order by name) from (
              select name from unnest(${operation.coordinates} || excluded.coordinates) with ordinality as both_sides (name, place)
              group by name order by min(place) limit ${maxCoordinates}
            ) as kept
          )`,
        },
        setWhere: sql`cardinality(${operation.coordinates}) < ${maxCoordinates} and not excluded.coordinates <@ ${operation.coordinates}`,
      });
  }
}

/** Removes those that nobody ran within what is kept of counts. */
export async function deleteUnusedOperations(query: Query, createdBefore: Date): Promise<void> {
  await query
    .delete(operation)
    .where(
      and(
        lt(operation.createdAt, createdBefore),
        notExists(query.select({ one: sql`1` }).from(usage).where(eq(usage.operationId, operation.id))),
      ),
    );
}
