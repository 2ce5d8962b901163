import { and, asc, desc, gte, inArray, lt, sql, sum } from 'drizzle-orm';
import { readOperations } from './operations.ts';
import type { Query } from './query.ts';
import { usage, usageReport } from './tables.ts';

/** How often an operation ran, to be added to what is counted. */
export interface UsageCount {
  /** The number that stands for it. */
  readonly operationId: number;
  readonly variant: string;
  /** Of UTC: `2026-11-25`. */
  readonly day: string;
  /** Empty for a client that does not say. */
  readonly clientName: string;
  readonly clientVersion: string;
  readonly count: number;
}

/** An operation that ran within a window, with who ran it, most of it first. */
export interface UsedOperation {
  readonly hash: string;
  readonly name: string | null;
  readonly body: string;
  readonly coordinates: readonly string[];
  readonly count: number;
  readonly clients: readonly { readonly name: string; readonly version: string; readonly count: number }[];
}

export interface UsageWindow {
  readonly graphId: string;
  readonly variants: readonly string[];
  /** The first day, of UTC: `2026-11-25`. */
  readonly fromDay: string;
}

/** Remembers a report. @returns whether it is the first time */
export async function insertUsageReport(query: Query, id: string, receivedAt: Date): Promise<boolean> {
  const rows = await query
    .insert(usageReport)
    .values({ id, receivedAt })
    .onConflictDoNothing()
    .returning({ id: usageReport.id });
  return rows.length > 0;
}

/** Adds counts to those that are there. No two may be of the same operation, variant, day and client. */
export async function addUsage(query: Query, counts: readonly UsageCount[]): Promise<void> {
  if (counts.length === 0) return;
  // In one order everywhere: two transactions that hold rows of each other would wait for ever.
  const sorted = [...counts].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const column = (name: keyof UsageCount) => sql.param(sorted.map((one) => one[name]));
  await query.execute(sql`
    insert into ${usage} (operation_id, variant, day, client_name, client_version, count)
    select * from unnest(
      ${column('operationId')}::bigint[], ${column('variant')}::text[], ${column('day')}::date[],
      ${column('clientName')}::text[], ${column('clientVersion')}::text[], ${column('count')}::bigint[]
    )
    on conflict (operation_id, variant, day, client_name, client_version)
    do update set count = ${usage}.count + excluded.count
  `);
}

/** What ran in some variants since a day: one question for the counts, one for the texts. */
export async function listUsage(
  query: Query,
  { graphId, variants, fromDay }: UsageWindow,
): Promise<readonly UsedOperation[]> {
  if (variants.length === 0) return [];
  const total = sum(usage.count).mapWith(Number);
  const rows = await query
    .select({ id: usage.operationId, name: usage.clientName, version: usage.clientVersion, count: total })
    .from(usage)
    .where(and(inArray(usage.variant, [...variants]), gte(usage.day, fromDay)))
    .groupBy(usage.operationId, usage.clientName, usage.clientVersion)
    .orderBy(desc(total), asc(usage.clientName), asc(usage.clientVersion));
  const clientsOf = Map.groupBy(rows, ({ id }) => id);
  const operations = await readOperations(query, [...clientsOf.keys()]);
  return [...clientsOf]
    .flatMap(([id, ofOperation]) => {
      const found = operations.get(id);
      // Variants of other graphs have the same names.
      if (found === undefined || found.graphId !== graphId) return [];
      const { hash, name, body, coordinates } = found;
      const clients = ofOperation.map(({ id: _, ...client }) => client);
      return [
        { hash, name, body, coordinates, count: clients.reduce((all, client) => all + client.count, 0), clients },
      ];
    })
    .sort((a, b) => b.count - a.count);
}

/** Removes counts of days before one. */
export async function deleteUsageBefore(query: Query, day: string): Promise<void> {
  await query.delete(usage).where(lt(usage.day, day));
}

export async function deleteUsageReportsBefore(query: Query, at: Date): Promise<void> {
  await query.delete(usageReport).where(lt(usageReport.receivedAt, at));
}

const keyOf = ({ operationId, variant, day, clientName, clientVersion }: UsageCount) =>
  JSON.stringify([String(operationId).padStart(16, '0'), variant, day, clientName, clientVersion]);
