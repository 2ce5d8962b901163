import { and, eq, lt, sql } from 'drizzle-orm';
import type { Query } from './query.ts';
import { operation, usage, usageReport } from './tables.ts';

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

/** The clients of a variant on a day, in no order. */
export function listClients(
  query: Query,
  {
    graphId,
    variant,
    day,
    limit,
  }: { readonly graphId: string; readonly variant: string; readonly day: string; readonly limit: number },
): Promise<readonly { readonly name: string; readonly version: string }[]> {
  return query
    .selectDistinct({ name: usage.clientName, version: usage.clientVersion })
    .from(usage)
    .innerJoin(operation, eq(operation.id, usage.operationId))
    .where(and(eq(operation.graphId, graphId), eq(usage.variant, variant), eq(usage.day, day)))
    .limit(limit);
}

const ROWS_AT_ONCE = 20_000;

/** Removes the counts of a variant, some at a time: of a quarter of a year there may be millions. */
export async function deleteUsageOf(query: Query, graphId: string, variant: string): Promise<void> {
  for (let removed = ROWS_AT_ONCE; removed === ROWS_AT_ONCE; ) {
    const { rowCount } = await query.execute(sql`
      delete from ${usage} where ctid = any(array(
        select used.ctid from ${usage} as used join ${operation} on operation.id = used.operation_id
        where operation.graph_id = ${graphId} and used.variant = ${variant} limit ${ROWS_AT_ONCE}
      ))`);
    removed = rowCount ?? 0;
  }
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
