import type { Log } from '../../service/logs.ts';
import type { Running } from '../../service/run.ts';
import { onRequestEnd } from '../ended-requests.ts';
import type { UsageTarget } from '../usage-config.ts';
import { createLiveCounter, type LiveCount } from './live-counter.ts';

export interface ReportLiveOptions {
  /** Where usage is reported: live numbers go beside it. */
  readonly target: UsageTarget;
  /** What this gateway calls itself, as in its reports of usage. */
  readonly instance: string;
  /** In milliseconds. */
  readonly intervalMs: number;
  readonly log: Pick<Log, 'debug'>;
}

/** The registry takes reports of so long at most. */
const MOST_SECONDS = 60;

/**
 * Tells the registry every few seconds what was answered since: for its console. What cannot be told now is told never, because it is about
 * now; nothing waits for it.
 */
export function reportLive({ target, instance, intervalMs, log }: ReportLiveOptions): Running {
  const { url, key, graphRef } = target;
  const counter = createLiveCounter();
  const [graph = '', variant = ''] = graphRef.split('@');
  const liveUrl = url.replace(/\/usage$/, '/live');
  let since = performance.now();
  let sending: Promise<void> | undefined;

  const end = onRequestEnd(counter.count);
  const closing = new AbortController();

  async function send(): Promise<void> {
    const now = performance.now();
    const seconds = Math.min(MOST_SECONDS, (now - since) / 1_000);
    since = now;
    const operations = counter.take().map(withoutEnd);
    try {
      const response = await fetch(liveUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-api-key': key },
        body: JSON.stringify({ instance, graph, variant, seconds, operations }),
        signal: AbortSignal.any([AbortSignal.timeout(intervalMs), closing.signal]),
        redirect: 'manual',
      });
      await response.body?.cancel();
      if (!response.ok) log.debug({ status: response.status }, 'the registry does not take live numbers');
    } catch (error) {
      log.debug({ err: error }, 'the registry cannot be told live numbers');
    }
  }

  const timer = setInterval(() => {
    // One at a time; what is counted meanwhile is told with the next.
    sending ??= send().finally(() => {
      sending = undefined;
    });
  }, intervalMs);
  timer.unref();
  return {
    close: async () => {
      clearInterval(timer);
      end();
      closing.abort();
      await sending;
    },
  };
}

/** Buckets at the end that are empty need not be told. */
function withoutEnd({ latency, ...count }: LiveCount): object {
  return { ...count, latency: latency.slice(0, latency.findLastIndex((one) => one > 0) + 1) };
}
