import type { FastifyInstance } from 'fastify';
import type { Keys } from '../access/keys.ts';
import type { CurrentSupergraphs } from '../current/current.ts';
import { type Counting, countReport } from './count-report.ts';
import { createKnownClients } from './known-clients.ts';
import { demandReportable, receiveReports } from './receive-reports.ts';
import { usageReportSchema } from './usage-report.ts';

export interface ServeUsageOptions extends Omit<Counting, 'clients'> {
  readonly keys: Keys;
  readonly current: CurrentSupergraphs;
  /** Most clients of one variant and day that are told apart, by name and version. */
  readonly maxClients: number;
}

/** Largest report, in bytes: as it comes, and unpacked. */
const BODY_LIMIT_BYTES = 5_000_000;
const UNPACKED_LIMIT_BYTES = 30_000_000;

/**
 * `POST /usage`: what gateways have run, for a key that may `report`. 200 says of which operations nothing was counted because their text
 * is not known; 400 that this report will never be counted; others that it may be sent again.
 */
export function serveUsage(app: FastifyInstance, options: ServeUsageOptions): void {
  const { keys, current } = options;
  const counting: Counting = { ...options, clients: createKnownClients(options) };
  receiveReports(app, keys, {
    path: '/usage',
    schema: usageReportSchema,
    bodyLimitBytes: BODY_LIMIT_BYTES,
    unpackedLimitBytes: UNPACKED_LIMIT_BYTES,
    take: async (report, principal) => {
      demandReportable(principal, current, report);
      return countReport(counting, report);
    },
  });
}
