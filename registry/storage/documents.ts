import { hash as hashBytes } from 'node:crypto';
import { inArray } from 'drizzle-orm';
import type { Query } from './query.ts';
import { document } from './tables.ts';

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

const byHash = (a: { hash: string }, b: { hash: string }) => (a.hash < b.hash ? -1 : 1);
