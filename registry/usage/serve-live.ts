import type { FastifyInstance } from 'fastify';
import type { Database } from '../../service/database.ts';
import type { Keys } from '../access/keys.ts';
import type { Principal } from '../access/principal.ts';
import type { CurrentSupergraphs } from '../current/current.ts';
import { RegistryError } from '../errors.ts';
import type { LiveNumbers } from '../live/live-numbers.ts';
import type { LiveRelay } from '../live/live-relay.ts';
import { type LiveReport, liveReportSchema } from '../live/live-report.ts';
import { findGateway } from '../storage/gateways.ts';
import { reaching } from '../storage/unavailable.ts';
import { demandReportable, receiveReports } from './receive-reports.ts';

export interface ServeLiveOptions {
  readonly keys: Keys;
  readonly current: CurrentSupergraphs;
  readonly database: Database;
  readonly live: LiveNumbers;
  readonly liveRelay: LiveRelay;
}

/** Largest report, in bytes: a hundred operations of long names with all their buckets have some 100,000. */
const BODY_LIMIT_BYTES = 500_000;

/** `POST /live`: what gateways answered in the last seconds, for a key that may `report`. Whoever gets no 200 need not send it again: the next report is newer. */
export function serveLive(app: FastifyInstance, options: ServeLiveOptions): void {
  const { keys, current, database, live, liveRelay } = options;

  /** Whose gateway says no graph, and has a key for several, is known by its usage reports. */
  async function place(report: LiveReport, principal: Principal): Promise<{ graph: string; variant: string }> {
    const graph = report.graph ?? principal.graphId;
    const variant = report.variant ?? principal.variant;
    if (graph !== null && variant !== null) return { graph, variant };
    const known = await reaching(() => findGateway(database.query, report.instance));
    if (known === undefined)
      throw new RegistryError('BAD_REQUEST', 'The report says no graph and variant, and its key is for several.');
    return { graph: graph ?? known.graphId, variant: variant ?? known.variant };
  }

  receiveReports(app, keys, {
    path: '/live',
    schema: liveReportSchema,
    bodyLimitBytes: BODY_LIMIT_BYTES,
    unpackedLimitBytes: BODY_LIMIT_BYTES,
    take: async (report, principal) => {
      const placed = { ...report, ...(await place(report, principal)) };
      demandReportable(principal, current, placed);
      live.add(placed);
      await liveRelay.tell(placed);
      return {};
    },
  });
}
