import { and, desc, eq, lt, sql } from 'drizzle-orm';
import type { Query } from './query.ts';
import { check } from './tables.ts';

export type CheckRow = Readonly<typeof check.$inferSelect>;

/** @returns its id, drawn by the database */
export async function insertCheck(query: Query, row: Omit<CheckRow, 'id'>): Promise<string> {
  const [inserted] = await query.insert(check).values(row).returning({ id: check.id });
  if (inserted === undefined) throw new Error('a check was not written');
  return inserted.id;
}

export async function readCheckRow(query: Query, graphId: string, id: string): Promise<CheckRow | undefined> {
  const rows = await query
    .select()
    .from(check)
    .where(and(eq(check.graphId, graphId), eq(check.id, id)));
  return rows[0];
}

/** A check without its result. */
export type ListedCheck = Omit<CheckRow, 'result'>;

/** Of a variant, newest first. */
export function listChecks(
  query: Query,
  graphId: string,
  variant: string,
  { limit, before }: { readonly limit: number; readonly before?: Date },
): Promise<readonly ListedCheck[]> {
  const { id, subgraph, status, git, actor, createdAt } = check;
  return query
    .select({ id, graphId: check.graphId, variant: check.variant, subgraph, status, git, actor, createdAt })
    .from(check)
    .where(
      and(
        eq(check.graphId, graphId),
        eq(check.variant, variant),
        before === undefined ? undefined : lt(check.createdAt, before),
      ),
    )
    .orderBy(desc(check.createdAt), desc(check.id))
    .limit(limit);
}

/**
 * Whether the result of one of the newest checks of a variant has something in it (`@>` of Postgres).
 *
 * @param most how many are read
 */
export async function isInNewestChecks(
  query: Query,
  graphId: string,
  variant: string,
  part: unknown,
  most: number,
): Promise<boolean> {
  const newest = query
    .select({ result: check.result })
    .from(check)
    .where(and(eq(check.graphId, graphId), eq(check.variant, variant)))
    .orderBy(desc(check.createdAt))
    .limit(most)
    .as('newest');
  const rows = await query
    .select({ found: sql`true` })
    .from(newest)
    .where(sql`${newest.result} @> ${JSON.stringify(part)}::jsonb`)
    .limit(1);
  return rows.length > 0;
}

/** Forgets all of a variant. */
export async function deleteChecksOf(query: Query, graphId: string, variant: string): Promise<void> {
  await query.delete(check).where(and(eq(check.graphId, graphId), eq(check.variant, variant)));
}

/** Forgets those of a variant that are older. */
export async function deleteChecksBefore(query: Query, graphId: string, variant: string, moment: Date): Promise<void> {
  await query
    .delete(check)
    .where(and(eq(check.graphId, graphId), eq(check.variant, variant), lt(check.createdAt, moment)));
}
