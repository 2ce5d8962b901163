import { and, desc, eq, lt, sql } from 'drizzle-orm';
import type { Query } from './query.ts';
import { variant, version } from './tables.ts';

export type VersionRow = Readonly<typeof version.$inferSelect>;

export async function readVersion(
  query: Query,
  graphId: string,
  name: string,
  number: number,
): Promise<VersionRow | undefined> {
  const rows = await query
    .select()
    .from(version)
    .where(and(eq(version.graphId, graphId), eq(version.variant, name), eq(version.number, number)));
  return rows[0];
}

/** The newest, whether it composed or not. */
export async function readNewestVersion(query: Query, graphId: string, name: string): Promise<VersionRow | undefined> {
  const [newest] = await listVersions(query, graphId, name, { limit: 1 });
  return newest;
}

/** Newest first. */
export function listVersions(
  query: Query,
  graphId: string,
  name: string,
  { limit, before }: { readonly limit: number; readonly before?: number | undefined },
): Promise<readonly VersionRow[]> {
  return query
    .select()
    .from(version)
    .where(
      and(
        eq(version.graphId, graphId),
        eq(version.variant, name),
        before === undefined ? undefined : lt(version.number, before),
      ),
    )
    .orderBy(desc(version.number))
    .limit(limit);
}

/** The texts that the versions of a variant refer to, by their hashes. */
export async function listDocumentsOf(query: Query, graphId: string, name: string): Promise<readonly string[]> {
  const { rows } = await query.execute<{ hash: string }>(sql`
    select distinct hash from ${version}, lateral (
      select supergraph as hash union all select listed ->> 'hash' from jsonb_array_elements(subgraphs) as listed
    ) as referred
    where graph_id = ${graphId} and variant = ${name} and hash is not null`);
  return rows.map(({ hash }) => hash);
}

/** Its documents are there already. */
export async function insertVersion(query: Query, row: VersionRow): Promise<void> {
  await query.insert(version).values(row);
}

/** The supergraph that a variant serves. */
export interface ServedSupergraph {
  readonly graphId: string;
  readonly variant: string;
  readonly version: number;
  /** Names the document. */
  readonly supergraph: string;
}

/** What all variants serve, or one of them; those that serve nothing are left out. */
export async function listServed(
  query: Query,
  only?: { readonly graphId: string; readonly variant: string },
): Promise<readonly ServedSupergraph[]> {
  const rows = await query
    .select({
      graphId: version.graphId,
      variant: version.variant,
      version: version.number,
      supergraph: version.supergraph,
    })
    .from(variant)
    .innerJoin(
      version,
      and(eq(version.graphId, variant.graphId), eq(version.variant, variant.name), eq(version.number, variant.current)),
    )
    .where(only === undefined ? undefined : and(eq(variant.graphId, only.graphId), eq(variant.name, only.variant)));
  return rows.flatMap(({ supergraph, ...row }) => (supergraph === null ? [] : [{ ...row, supergraph }]));
}

/** Of each subgraph that a variant has, the version with which it was published last; by name. */
export async function listLastPublishes(
  query: Query,
  graphId: string,
  name: string,
): Promise<ReadonlyMap<string, VersionRow>> {
  const rows = await query
    .selectDistinctOn([version.subgraph])
    .from(version)
    .where(and(eq(version.graphId, graphId), eq(version.variant, name), eq(version.kind, 'publish')))
    .orderBy(version.subgraph, desc(version.number));
  return new Map(rows.flatMap((row) => (row.subgraph === null ? [] : [[row.subgraph, row] as const])));
}
