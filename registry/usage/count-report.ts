import type { Database } from '../../service/database.ts';
import { putGateway } from '../storage/gateways.ts';
import { countOperations, findOperations, putOperations } from '../storage/operations.ts';
import type { Query } from '../storage/query.ts';
import { reaching } from '../storage/unavailable.ts';
import { addUsage, insertUsageReport, type UsageCount } from '../storage/usage.ts';
import type { Client, KnownClients } from './known-clients.ts';
import { REPORT_BOUNDS, type UsageReport } from './usage-report.ts';

export interface Counting {
  readonly database: Database;
  /** Most operations of one graph: further ones are not taken. */
  readonly maxOperations: number;
  readonly clients: KnownClients;
  /** Days before today whose counts are taken. */
  readonly retentionDays: number;
  readonly now: () => Date;
}

const DAY_MS = 86_400_000;

/**
 * Counts a report, once, in one transaction.
 *
 * @returns the operations of which nothing was counted, because their text is not known
 * @throws {RegistryError} DATABASE_UNAVAILABLE
 */
export async function countReport(
  counting: Counting,
  report: UsageReport,
): Promise<{ readonly unknownOperations: readonly string[] }> {
  const { database, now } = counting;
  const { id, graph: graphId, variant, gateway, counts } = report;
  return reaching(async () => {
    const days = keptDays(counting, report);
    const clientsOf = new Map(
      await Promise.all(days.map(async (day) => [day, await counting.clients.on(graphId, variant, day)] as const)),
    );
    return database.query.transaction(async (transaction) => {
      const seenAt = now();
      await putGateway(transaction, {
        graphId,
        variant,
        instance: gateway.instance,
        supergraphId: gateway.supergraph,
        seenAt,
      });
      if (counts.length === 0 && report.operations.length === 0) return { unknownOperations: [] };
      const isFirst = await insertUsageReport(transaction, id, seenAt);
      if (isFirst) await takeOperations(transaction, counting, report);
      const ids = await findOperations(transaction, graphId, [...new Set(counts.map(({ hash }) => hash))]);
      if (isFirst) await addUsage(transaction, sumUp(report, clientsOf, ids));
      return { unknownOperations: [...new Set(counts.map(({ hash }) => hash))].filter((hash) => !ids.has(hash)) };
    });
  });
}

/** Those that are known gain coordinates; of the others as many as there is room for. */
async function takeOperations(
  transaction: Query,
  { maxOperations, now }: Counting,
  { graph: graphId, operations }: UsageReport,
): Promise<void> {
  if (operations.length === 0) return;
  const known = await findOperations(
    transaction,
    graphId,
    operations.map(({ hash }) => hash),
  );
  const news = operations.filter(({ hash }) => !known.has(hash));
  const room = news.length === 0 ? 0 : Math.max(0, maxOperations - (await countOperations(transaction, graphId)));
  const taken = [...operations.filter(({ hash }) => known.has(hash)), ...news.slice(0, room)];
  const distinct = new Map(taken.map((operation) => [operation.hash, operation]));
  await putOperations(
    transaction,
    [...distinct.values()].map((operation) => ({ ...operation, graphId, createdAt: now() })),
    REPORT_BOUNDS.coordinates,
  );
}

/** None that are not kept, or are still far. */
function keptDays({ retentionDays, now }: Counting, { counts }: UsageReport): string[] {
  const first = toDay(now().getTime() - retentionDays * DAY_MS);
  const last = toDay(now().getTime() + DAY_MS);
  return [...new Set(counts.map(({ day }) => day))].filter((day) => day >= first && day <= last);
}

/** One row for each operation, day and client. */
function sumUp(
  { variant, counts }: UsageReport,
  clientsOf: ReadonlyMap<string, (client: Client) => Client>,
  ids: ReadonlyMap<string, number>,
): UsageCount[] {
  const sums = new Map<string, UsageCount>();
  for (const { hash, day, client: reported, count } of counts) {
    const operationId = ids.get(hash);
    const client = operationId === undefined ? undefined : clientsOf.get(day)?.(reported);
    if (operationId === undefined || client === undefined) continue;
    const key = JSON.stringify([hash, day, client.name, client.version]);
    const before = sums.get(key);
    sums.set(key, {
      ...{ operationId, variant, day, clientName: client.name, clientVersion: client.version },
      count: count + (before?.count ?? 0),
    });
  }
  return [...sums.values()];
}

/** The day of a time in UTC, as Postgres writes it. */
export function toDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
