import { randomUUID } from 'node:crypto';
import type { Log } from '../../service/logs.ts';
import type { Running } from '../../service/run.ts';
import type { UsageConfig, UsageTarget } from '../usage-config.ts';
import { reportLive } from './report-live.ts';
import { reportUsage } from './report-usage.ts';
import { createUsageCounter, type UsageCounter } from './usage-counter.ts';

export interface Usage extends Running {
  /** On the way of every request. */
  readonly count: UsageCounter['count'];
  /** To be called when another version is served: whoever watches a roll-out sees it then. */
  reportSoon(): void;
  /** See `UsageCounter`. */
  readonly look: UsageCounter['look'];
}

export interface UsageOptions {
  readonly config: UsageConfig;
  readonly target: UsageTarget;
  readonly currentVersion: () => string | undefined;
  readonly log: Log;
}

/** Starts to count and to report what runs. Closing it reports what is left, if that is taken within 2 s. */
export function openUsage({ config, target, currentVersion, log }: UsageOptions): Usage {
  const counter = createUsageCounter(config);
  const instance = randomUUID();
  const { liveIntervalMs } = config;
  // They go beside it, where that is a registry's own.
  const isLive = liveIntervalMs > 0 && target.url.endsWith('/usage');
  const live = isLive ? reportLive({ target, instance, intervalMs: liveIntervalMs, log }) : undefined;
  const { reportSoon, close } = reportUsage({
    counter,
    target,
    instance,
    intervalMs: config.intervalMs,
    currentVersion,
    log,
  });
  return {
    count: counter.count,
    look: counter.look,
    reportSoon,
    close: async () => {
      await live?.close();
      await close();
    },
  };
}
