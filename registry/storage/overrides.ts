import { and, asc, eq } from 'drizzle-orm';
import type { Query } from './query.ts';
import { override } from './tables.ts';

export type OverrideRow = Readonly<typeof override.$inferSelect>;

/** Of a variant, by coordinate. */
export function listOverrides(query: Query, graphId: string, variant: string): Promise<readonly OverrideRow[]> {
  return query
    .select()
    .from(override)
    .where(and(eq(override.graphId, graphId), eq(override.variant, variant)))
    .orderBy(asc(override.coordinate), asc(override.code));
}

/** Adds one, or writes over that of the same code and coordinate. */
export async function putOverride(query: Query, row: OverrideRow): Promise<void> {
  const { reason, actor, createdAt } = row;
  await query
    .insert(override)
    .values(row)
    .onConflictDoUpdate({
      target: [override.graphId, override.variant, override.code, override.coordinate],
      set: { reason, actor, createdAt },
    });
}

/** All of a variant. */
export async function deleteOverridesOf(query: Query, graphId: string, variant: string): Promise<void> {
  await query.delete(override).where(and(eq(override.graphId, graphId), eq(override.variant, variant)));
}

/** @returns whether it was there */
export async function deleteOverride(
  query: Query,
  { graphId, variant, code, coordinate }: Pick<OverrideRow, 'graphId' | 'variant' | 'code' | 'coordinate'>,
): Promise<boolean> {
  const rows = await query
    .delete(override)
    .where(
      and(
        eq(override.graphId, graphId),
        eq(override.variant, variant),
        eq(override.code, code),
        eq(override.coordinate, coordinate),
      ),
    )
    .returning({ code: override.code });
  return rows.length > 0;
}
