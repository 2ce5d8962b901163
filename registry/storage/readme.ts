import { and, eq } from 'drizzle-orm';
import type { Query } from './query.ts';
import { variant } from './tables.ts';

/** The page that a variant has for its readers, in Markdown. */
export interface Readme {
  readonly content: string;
  /** `null` for one that was never written. */
  readonly updatedAt: Date | null;
}

const named = (graphId: string, name: string) => and(eq(variant.graphId, graphId), eq(variant.name, name));

/** `undefined` without such a variant. */
export async function readReadme(query: Query, graphId: string, name: string): Promise<Readme | undefined> {
  const rows = await query
    .select({ content: variant.readme, updatedAt: variant.readmeUpdatedAt })
    .from(variant)
    .where(named(graphId, name));
  return rows[0];
}

/** @returns whether the variant is there */
export async function writeReadme(
  query: Query,
  graphId: string,
  name: string,
  { content, updatedAt }: { readonly content: string; readonly updatedAt: Date },
): Promise<boolean> {
  const rows = await query
    .update(variant)
    .set({ readme: content, readmeUpdatedAt: updatedAt })
    .where(named(graphId, name))
    .returning({ name: variant.name });
  return rows.length > 0;
}
