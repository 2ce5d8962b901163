import type { Log } from '../../service/logs.ts';
import type { Running } from '../../service/run.ts';
import { type SubgraphFault, subgraphFaults } from '../errors.ts';
import { createQuiet } from './quiet.ts';

export interface FaultLogOptions {
  readonly log: Log;
  /** How long a subgraph's faults of one kind are counted instead of written, in milliseconds. */
  readonly quietMs?: number;
  readonly now?: () => number;
}

/**
 * Writes a warning when a subgraph fails, with the address that failed, which clients are not told. A subgraph that is down
 * fails each request: after the first line of a kind, the next one comes after a while and says how many there were.
 */
export function startFaultLog({ log, quietMs = 10_000, now = Date.now }: FaultLogOptions): Running {
  const quiet = createQuiet({ quietMs, now });

  const write = (published: unknown) => {
    const { subgraph, code, message, cause } = published as SubgraphFault;
    const told = quiet(`${subgraph} ${code}`);
    if (told === undefined) return;
    log.warn({ subgraph, code, reason: reasonOf(cause), ...(told.since === 0 ? {} : told) }, message);
  };

  subgraphFaults.subscribe(write);
  return {
    close: async () => {
      subgraphFaults.unsubscribe(write);
    },
  };
}

function reasonOf(cause: unknown): string | undefined {
  if (!(cause instanceof Error)) return undefined;
  const below = cause.cause instanceof AggregateError ? cause.cause.errors.map(String).join('; ') : cause.cause;
  return below === undefined
    ? cause.message
    : `${cause.message}: ${below instanceof Error ? below.message : String(below)}`;
}
