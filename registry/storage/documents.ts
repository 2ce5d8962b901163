import { hash as hashBytes } from 'node:crypto';
import { inArray, sql } from 'drizzle-orm';
import type { Query } from './query.ts';
import { document, version } from './tables.ts';

/** The name of a text: SHA-256 of its UTF-8, in hexadecimal. */
export function hashOf(body: string): string {
  return hashBytes('sha256', body, 'hex');
}

/** Keeps texts; one that is kept already costs nothing. */
export async function storeDocuments(query: Query, bodies: readonly string[]): Promise<void> {
  // In one order, so that two who store the same texts never wait for each other.
  const rows = [...new Set(bodies)].map((body) => ({ hash: hashOf(body), body })).sort(byHash);
  if (rows.length > 0) await query.insert(document).values(rows).onConflictDoNothing();
}

/** Texts by their hashes; those that are not kept are left out. */
export async function readDocuments(query: Query, hashes: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (hashes.length === 0) return new Map();
  const rows = await query
    .select()
    .from(document)
    .where(inArray(document.hash, [...new Set(hashes)]));
  return new Map(rows.map(({ hash, body }) => [hash, body]));
}

/**
 * Within a transaction that has taken versions away: forgets those of some texts to which no version refers any more. Nobody can keep
 * one that is there already and refer to it meanwhile: whoever keeps texts has this table until his transaction ends.
 */
export async function forgetDocuments(query: Query, hashes: readonly string[]): Promise<void> {
  await query.execute(sql`lock table ${document} in share row exclusive mode`);
  await query.execute(sql`
    delete from ${document} where hash = any(${sql.param([...new Set(hashes)])}::text[])
      and not exists (select from ${version} where supergraph = ${document}.hash)
      and hash not in (
        select listed ->> 'hash' from ${version}, jsonb_array_elements(subgraphs) as listed where listed ->> 'hash' is not null
      )`);
}

const byHash = (a: { hash: string }, b: { hash: string }) => (a.hash < b.hash ? -1 : 1);
