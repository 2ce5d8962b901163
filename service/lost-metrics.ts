import { droppedLines } from './log-output.ts';
import type { MetricTable } from './metric-definition.ts';
import type { Metrics } from './metrics.ts';
import type { SpanSink } from './spans.ts';

/** What of the telling itself is lost; every process has these. */
export const LOST_METRICS = {
  tributary_log_lines_dropped_total: {
    type: 'counter',
    help: 'Lines of the log of this process that were dropped, because whoever reads it is too slow',
    labels: [],
  },
  tributary_spans_total: {
    type: 'counter',
    help: 'Spans; outcome is sent, or lost because the collector is away or too many waited',
    labels: ['outcome'],
  },
} as const satisfies MetricTable;

/** Has them looked up at each scrape. @param spans `undefined` when nothing is traced */
export function lookUpLost(
  metrics: Pick<Metrics<typeof LOST_METRICS>, 'counter' | 'onScrape'>,
  spans: SpanSink['look'] | undefined,
): void {
  const lines = metrics.counter('tributary_log_lines_dropped_total').at();
  const counted = metrics.counter('tributary_spans_total');
  const [sent, lost] = [counted.at('sent'), counted.at('lost')];
  metrics.onScrape(() => {
    lines.value = droppedLines();
    const told = spans?.();
    sent.value = told?.sent ?? 0;
    lost.value = told?.lost ?? 0;
  });
}
