import { and, desc, eq, lt } from 'drizzle-orm';
import type { Query } from './query.ts';
import { auditEntry } from './tables.ts';

export type AuditRow = Readonly<typeof auditEntry.$inferSelect>;

export async function insertAuditEntry(query: Query, row: Omit<AuditRow, 'id'>): Promise<void> {
  await query.insert(auditEntry).values(row);
}

/** Newest first; of one graph, or of all. */
export function listAuditEntries(
  query: Query,
  { graphId, limit, before }: { readonly graphId?: string; readonly limit: number; readonly before?: number },
): Promise<readonly AuditRow[]> {
  return query
    .select()
    .from(auditEntry)
    .where(
      and(
        graphId === undefined ? undefined : eq(auditEntry.graphId, graphId),
        before === undefined ? undefined : lt(auditEntry.id, before),
      ),
    )
    .orderBy(desc(auditEntry.id))
    .limit(limit);
}
