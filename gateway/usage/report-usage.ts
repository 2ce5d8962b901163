import { randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Log } from '../../service/logs.ts';
import type { Running } from '../../service/run.ts';
import type { UsageTarget } from '../usage-config.ts';
import type { DescribedOperation } from './describe-operation.ts';
import { type ReportOutcome, sendReport, type UsageReport } from './send-report.ts';
import type { UsageCount, UsageCounter } from './usage-counter.ts';

export interface UsageReporting extends Running {
  /** Reports as soon as may be: when another version is served. */
  reportSoon(): void;
}

export interface ReportUsageOptions {
  readonly counter: UsageCounter;
  readonly target: UsageTarget;
  /** What this gateway calls itself, drawn at its start. */
  readonly instance: string;
  /** How often, in milliseconds; also when there is nothing to report but that this gateway lives. */
  readonly intervalMs: number;
  /** The version of the graph that is served, as its source calls it. */
  readonly currentVersion: () => string | undefined;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** How long one report may take to be taken, in milliseconds; the last one, when the gateway stops. */
const TIMEOUT_MS = 10_000;
const LAST_TIMEOUT_MS = 2_000;
/** Longest wait between two reports while the registry takes none, in milliseconds. */
const MOST_BACKOFF_MS = 60_000;
/** How long a report is sent again, in milliseconds: the registry remembers for twice as long which ones it has counted. */
const GIVE_UP_AFTER_MS = 3_600_000;
/** Most characters of operations in one report. */
const MOST_CHARACTERS = 2_000_000;
/** Of how many operations it is remembered that the registry has their text. */
const REMEMBERED = 20_000;

interface InFlight extends UsageReport {
  readonly since: number;
}

/**
 * Reports usage until it is closed. There is one report on its way at most, the same until it is taken; what is counted
 * meanwhile waits in the counter, within its bounds.
 */
export function reportUsage(options: ReportUsageOptions): UsageReporting {
  const { counter, target, instance, intervalMs, currentVersion, log, now = Date.now } = options;
  /** How many coordinates the registry has of an operation whose text it has. */
  const told = new LRUCache<string, number>({ max: REMEMBERED });
  const closing = new AbortController();
  let inFlight: InFlight | undefined;
  let failures = 0;
  let notBefore = 0;
  let lastReason: string | undefined;
  let lost = 0;

  function begin(): InFlight {
    const taken = counter.take();
    const operations = new Map<string, DescribedOperation>();
    const counts: UsageCount[] = [];
    const later: UsageCount[] = [];
    let characters = 0;
    for (const count of taken) {
      const { operation } = count;
      const isNews = !operations.has(operation.hash) && (told.get(operation.hash) ?? -1) < operation.coordinates.size;
      if (isNews && operations.size > 0 && characters + operation.body.length > MOST_CHARACTERS) {
        later.push(count);
        continue;
      }
      if (isNews) {
        // As it is now: what variables use from here on is told with the next report.
        operations.set(operation.hash, { ...operation, coordinates: new Set(operation.coordinates) });
        characters += operation.body.length;
      }
      counts.push(count);
    }
    counter.putBack(later);
    return {
      id: randomUUID(),
      instance,
      supergraph: undefined,
      operations: [...operations.values()],
      counts,
      since: now(),
    };
  }

  async function send(signal: AbortSignal): Promise<void> {
    inFlight ??= begin();
    const sent = inFlight;
    // What runs now, not what ran when it was begun.
    const outcome = await sendReport({ ...sent, supergraph: currentVersion() }, target, signal);
    conclude(sent, outcome);
  }

  function conclude(sent: InFlight, outcome: ReportOutcome): void {
    if (outcome.outcome === 'taken') {
      if (lastReason !== undefined) log.info('the registry takes reports of usage again');
      failures = 0;
      notBefore = 0;
      lastReason = undefined;
      inFlight = undefined;
      remember(sent, new Set(outcome.unknownOperations));
      return;
    }
    const { reason } = outcome;
    if (closing.signal.aborted) return;
    const isRefused = outcome.outcome === 'refused';
    if (reason !== lastReason)
      log.warn(`the registry ${isRefused ? 'refuses' : 'does not take'} a report of usage: ${reason}`);
    lastReason = reason;
    if (isRefused || now() - sent.since > GIVE_UP_AFTER_MS) {
      lost += sent.counts.reduce((sum, { count }) => sum + count, 0);
      inFlight = undefined;
    }
    // One that says only that this gateway lives is not worth sending again: the next one says more.
    if (sent.counts.length === 0) inFlight = undefined;
    const backoff = Math.min(MOST_BACKOFF_MS, intervalMs * 2 ** failures++);
    notBefore = now() + backoff * (0.5 + Math.random() / 2);
  }

  /** What was not counted because its text is not known is sent once more, with it. */
  function remember({ operations, counts }: InFlight, unknown: ReadonlySet<string>): void {
    const sentTexts = new Set(operations.map(({ hash }) => hash));
    for (const { hash, coordinates } of operations) if (!unknown.has(hash)) told.set(hash, coordinates.size);
    if (unknown.size === 0) return;
    for (const hash of unknown) told.delete(hash);
    const uncounted = counts.filter(({ operation: { hash } }) => unknown.has(hash));
    const again = uncounted.filter(({ operation: { hash } }) => !sentTexts.has(hash));
    // With its text, and not counted all the same: the registry has room for no more.
    for (const { operation, count } of uncounted) if (sentTexts.has(operation.hash)) lost += count;
    counter.putBack(again);
  }

  let sending: Promise<void> | undefined;
  const tick = () => {
    warnOfDropped();
    if (sending !== undefined || now() < notBefore) return;
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(TIMEOUT_MS)]);
    sending = send(signal).finally(() => {
      sending = undefined;
    });
  };
  const warnOfDropped = () => {
    const runs = counter.takeDropped() + lost;
    lost = 0;
    if (runs > 0)
      log.warn(
        { runs },
        'operations ran that are not reported: there are more than usage.maxOperations and usage.maxCounts allow, or than the registry takes',
      );
  };
  const timer = setInterval(tick, intervalMs);
  timer.unref();
  tick();

  return {
    reportSoon: tick,
    close: async () => {
      clearInterval(timer);
      closing.abort();
      await sending;
      const signal = AbortSignal.timeout(LAST_TIMEOUT_MS);
      const wasUnderWay = inFlight !== undefined;
      await send(signal);
      if (wasUnderWay && inFlight === undefined) await send(signal);
    },
  };
}
