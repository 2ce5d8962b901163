import { randomUUID } from 'node:crypto';
import type { Log } from '../../service/logs.ts';
import { type Notice, notify } from '../storage/notices.ts';
import type { Query } from '../storage/query.ts';
import type { LiveNumbers } from './live-numbers.ts';
import { liveReportSchema, type PlacedReport } from './live-report.ts';

/** Lets all processes on one database know what is reported to one of them. */
export interface LiveRelay {
  /** Tells the others; that they cannot be told is logged, and no fault of the report. */
  tell(report: PlacedReport): Promise<void>;
  /** Takes what another has told. */
  hear(notice: Notice): void;
}

export interface LiveRelayOptions {
  readonly query: Query;
  readonly live: LiveNumbers;
  readonly log: Log;
  /** Whether there can be others: on the embedded Postgres there are none. */
  readonly isAlone: boolean;
}

/** Postgres takes 8,000 bytes in one notice; the rest of it is a hundred or two. */
const MOST_BYTES = 7_000;

/**
 * By `NOTIFY`, since it has no value a quarter of an hour later: no table, nothing to be removed. A report that does not fit one
 * notice goes in several, each with some of its operations: what is summed up in the end is the same.
 */
export function createLiveRelay({ query, live, log, isAlone }: LiveRelayOptions): LiveRelay {
  const self = randomUUID();
  return {
    tell: async (report) => {
      if (isAlone) return;
      try {
        for (const part of split(report)) await notify(query, { kind: 'live', from: self, report: part });
      } catch (error) {
        log.debug({ err: error }, 'other registry processes were not told of live numbers');
      }
    },
    hear: (notice) => {
      if (notice.kind !== 'live' || notice.from === self) return;
      const { data } = liveReportSchema.safeParse(notice.report);
      if (data?.graph !== undefined && data.variant !== undefined)
        live.add({ ...data, graph: data.graph, variant: data.variant });
    },
  };
}

/** A gateway that has nothing to tell of is told of all the same. */
export function split({ operations, ...report }: PlacedReport): PlacedReport[] {
  const parts: PlacedReport['operations'][] = [[]];
  let size = 0;
  for (const operation of operations) {
    const bytes = Buffer.byteLength(JSON.stringify(operation)) + 1;
    if (size > 0 && size + bytes > MOST_BYTES) {
      parts.push([]);
      size = 0;
    }
    parts.at(-1)?.push(operation);
    size += bytes;
  }
  return parts.map((part) => ({ ...report, operations: part }));
}
