import { and, asc, eq, getTableColumns, sql } from 'drizzle-orm';
import type { Query } from './query.ts';
import { variant, version } from './tables.ts';
import type { VariantRow } from './variants.ts';

/** The variants of a graph that have subgraphs, by name: not those that were made ahead of the first publish, or emptied since. */
export function listPublishedVariants(query: Query, graphId: string): Promise<readonly VariantRow[]> {
  return query
    .select(getTableColumns(variant))
    .from(variant)
    .innerJoin(
      version,
      and(
        eq(version.graphId, variant.graphId),
        eq(version.variant, variant.name),
        eq(version.number, variant.revision),
      ),
    )
    .where(and(eq(variant.graphId, graphId), sql`jsonb_array_length(${version.subgraphs}) > 0`))
    .orderBy(asc(variant.name));
}
