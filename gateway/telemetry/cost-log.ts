import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Log } from '../../service/logs.ts';
import type { Running } from '../../service/run.ts';
import { createQuiet } from './quiet.ts';

/** Where `guard/` publishes; what is read here of what it does. */
const CHANNEL = 'gateway:cost-excess';

interface Published {
  readonly operation: string | undefined;
  readonly limit: string;
  readonly value: number;
  readonly bound: number;
  readonly isRefused: boolean;
}

export interface CostLogOptions {
  readonly log: Log;
  /** How long excesses of one limit are counted instead of written, in milliseconds. */
  readonly quietMs?: number;
  readonly now?: () => number;
}

/** Of the name of an operation, which is a client's own word. */
const MOST_CHARACTERS = 200;

/** Warns of operations that cost more than they may and are answered all the same. Who is refused is told. */
export function startCostLog({ log, quietMs = 10_000, now = Date.now }: CostLogOptions): Running {
  const quiet = createQuiet({ quietMs, now });

  const write = (published: unknown) => {
    const { isRefused, ...excess } = published as Published;
    const told = isRefused ? undefined : quiet(excess.limit);
    if (told === undefined) return;
    const operation = excess.operation?.slice(0, MOST_CHARACTERS);
    log.warn(
      { ...excess, operation, ...(told.since === 0 ? {} : told) },
      'an operation costs more than its limit: it is answered, because cost.mode is report',
    );
  };

  subscribe(CHANNEL, write);
  return { close: async () => void unsubscribe(CHANNEL, write) };
}
