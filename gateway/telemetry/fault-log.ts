import type { Log } from '../../service/logs.ts';
import type { Running } from '../../service/run.ts';
import { type SubgraphFault, subgraphFaults } from '../errors.ts';

export interface FaultLogOptions {
  readonly log: Log;
  /** How long a subgraph's faults of one kind are counted instead of written, in milliseconds. */
  readonly quietMs?: number;
  readonly now?: () => number;
}

interface Count {
  readonly since: number;
  more: number;
}

/**
 * Writes a warning when a subgraph fails, with the address that failed, which clients are not told. A subgraph that is down
 * fails each request: after the first line of a kind, the next one comes after a while and says how many there were.
 */
export function startFaultLog({ log, quietMs = 10_000, now = Date.now }: FaultLogOptions): Running {
  const counts = new Map<string, Count>();

  const write = (published: unknown) => {
    const { subgraph, code, message, cause } = published as SubgraphFault;
    const key = `${subgraph} ${code}`;
    const count = counts.get(key);
    if (count !== undefined && now() - count.since < quietMs) {
      count.more++;
      return;
    }
    counts.set(key, { since: now(), more: 0 });
    log.warn(
      {
        subgraph,
        code,
        reason: reasonOf(cause),
        ...(count === undefined || count.more === 0 ? {} : { since: count.more }),
      },
      message,
    );
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
