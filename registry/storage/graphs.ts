import { asc, eq } from 'drizzle-orm';
import type { Query } from './query.ts';
import { graph } from './tables.ts';

export type GraphRow = Readonly<typeof graph.$inferSelect>;

/** @returns whether it was not there before */
export async function insertGraph(query: Query, row: GraphRow): Promise<boolean> {
  const rows = await query.insert(graph).values(row).onConflictDoNothing().returning({ id: graph.id });
  return rows.length > 0;
}

export async function readGraph(query: Query, id: string): Promise<GraphRow | undefined> {
  const rows = await query.select().from(graph).where(eq(graph.id, id));
  return rows[0];
}

/** Within a transaction: holds the graph until it ends. What is written about the graph meanwhile does not wait for that. */
export async function holdGraph(query: Query, id: string): Promise<void> {
  await query.select({ id: graph.id }).from(graph).where(eq(graph.id, id)).for('no key update');
}

/** All, by id. */
export function listGraphs(query: Query): Promise<readonly GraphRow[]> {
  return query.select().from(graph).orderBy(asc(graph.id));
}
