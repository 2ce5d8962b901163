import type { Database } from '../../service/database.ts';
import type { Log } from '../../service/logs.ts';
import type { Running } from '../../service/run.ts';
import { deleteGatewaysBefore } from '../storage/gateways.ts';
import { deleteUnusedOperations } from '../storage/operations.ts';
import { deleteUsageBefore, deleteUsageReportsBefore } from '../storage/usage.ts';
import { toDay } from './count-report.ts';

export interface PruneOptions {
  readonly database: Database;
  readonly retentionDays: number;
  readonly now: () => Date;
  readonly log: Log;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Gateways send a report again for an hour at most. */
const REMEMBER_REPORTS_MS = 2 * HOUR_MS;
/** How long a gateway is listed that says nothing any more. */
const KEEP_GATEWAYS_MS = DAY_MS;
const PRUNE_EVERY_MS = HOUR_MS / 4;

/** Removes what is kept no longer: counts, operations that nobody ran meanwhile, reports that nobody sends again, gateways that are gone. */
export async function pruneUsage({
  database: { query },
  retentionDays,
  now,
}: Omit<PruneOptions, 'log'>): Promise<void> {
  const time = now().getTime();
  await deleteUsageBefore(query, toDay(time - retentionDays * DAY_MS));
  await deleteUnusedOperations(query, new Date(time - DAY_MS));
  await deleteUsageReportsBefore(query, new Date(time - REMEMBER_REPORTS_MS));
  await deleteGatewaysBefore(query, new Date(time - KEEP_GATEWAYS_MS));
}

/** Does so now and then, until it is closed. Several registries may do it at the same time. */
export function startPruning(options: PruneOptions): Running {
  let pruning: Promise<void> | undefined;
  const prune = () => {
    pruning ??= pruneUsage(options)
      .catch((error: unknown) => options.log.warn({ err: error }, 'old usage cannot be removed now; it is tried again'))
      .finally(() => {
        pruning = undefined;
      });
  };
  const timer = setInterval(prune, PRUNE_EVERY_MS);
  timer.unref();
  prune();
  return {
    close: async () => {
      clearInterval(timer);
      await pruning;
    },
  };
}
