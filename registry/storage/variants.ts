import { and, asc, eq } from 'drizzle-orm';
import type { Query } from './query.ts';
import { type VariantPolicy, variant } from './tables.ts';

export type VariantRow = Readonly<typeof variant.$inferSelect>;

const named = (graphId: string, name: string) => and(eq(variant.graphId, graphId), eq(variant.name, name));

export async function readVariant(query: Query, graphId: string, name: string): Promise<VariantRow | undefined> {
  const rows = await query.select().from(variant).where(named(graphId, name));
  return rows[0];
}

/** Of a graph, by name. */
export function listVariants(query: Query, graphId: string): Promise<readonly VariantRow[]> {
  return query.select().from(variant).where(eq(variant.graphId, graphId)).orderBy(asc(variant.name));
}

/** The contracts made from a variant, by name. */
export function listContracts(query: Query, graphId: string, source: string): Promise<readonly VariantRow[]> {
  return query
    .select()
    .from(variant)
    .where(and(eq(variant.graphId, graphId), eq(variant.sourceVariant, source)))
    .orderBy(asc(variant.name));
}

/**
 * Holds a variant until the transaction ends, and makes it if it is not there. Whoever holds several takes a source before its
 * contracts, and those by name.
 */
export async function holdVariant(query: Query, graphId: string, name: string, now: Date): Promise<VariantRow> {
  await query.insert(variant).values({ graphId, name, createdAt: now }).onConflictDoNothing();
  const [row] = await query.select().from(variant).where(named(graphId, name)).for('update');
  if (row === undefined) throw new Error(`the variant ${graphId}@${name} went away while it was made`);
  return row;
}

/** The same for one that may not be there, and is not made. @returns whether it is */
export async function holdKnownVariant(query: Query, graphId: string, name: string): Promise<boolean> {
  const rows = await query.select({ name: variant.name }).from(variant).where(named(graphId, name)).for('update');
  return rows.length > 0;
}

/** What may change of a variant. */
export type VariantChanges = Partial<
  Pick<VariantRow, 'revision' | 'current' | 'sourceVariant' | 'filter'> & { policy: VariantPolicy }
>;

/** @returns whether it is there */
export async function updateVariant(
  query: Query,
  graphId: string,
  name: string,
  changes: VariantChanges,
): Promise<boolean> {
  const rows = await query.update(variant).set(changes).where(named(graphId, name)).returning({ name: variant.name });
  return rows.length > 0;
}

/** With its versions. @returns whether it was there */
export async function deleteVariant(query: Query, graphId: string, name: string): Promise<boolean> {
  const rows = await query.delete(variant).where(named(graphId, name)).returning({ name: variant.name });
  return rows.length > 0;
}

/** The names of all there are. */
export function listAllVariants(query: Query): Promise<readonly Pick<VariantRow, 'graphId' | 'name'>[]> {
  return query.select({ graphId: variant.graphId, name: variant.name }).from(variant);
}
