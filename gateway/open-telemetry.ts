import type { Log } from '../service/logs.ts';
import type { ClosingStack } from '../service/run.ts';
import { tellEnded } from './ended-requests.ts';
import { type GatewayMetrics, METRICS } from './metric-table.ts';
import type { ReadTrace } from './request-record.ts';
import type { LookedUp } from './telemetry/look-up.ts';
import type { TelemetryConfig } from './telemetry-config.ts';

/** What tells of requests, as it is used by others. */
export interface Telemetry {
  /** `undefined` when there are none. */
  readonly metrics: GatewayMetrics | undefined;
  /** `undefined` when nothing is traced. */
  readonly readTrace: ReadTrace | undefined;
  /** To be called when there is something to look up. */
  lookUp(looked: Omit<LookedUp, 'spans'>): void;
}

/** Opens it on a stack, which closes it; files of what is off are not loaded. */
export async function openTelemetry(stack: ClosingStack, config: TelemetryConfig, log: Log): Promise<Telemetry> {
  const { requestLog, metrics: counted, traces } = config;
  // Also of a process that does not wait for its stop; before the log's own, which then has all lines.
  process.prependListener('exit', tellEnded);
  stack.add('telling at the end', { close: async () => void process.off('exit', tellEnded) });
  if (requestLog.isEnabled && log.isLevelEnabled('info')) {
    const { startRequestLog } = await import('./telemetry/request-log.ts');
    stack.add('request log', startRequestLog({ ...requestLog, log }));
  }
  const traced = await openTraces(stack, traces, log);
  const readTrace = traced?.readTrace;
  if (!counted.isEnabled) return { metrics: undefined, readTrace, lookUp: () => undefined };
  const [{ createMetrics }, { countRequests }, { countEvents }, { lookUp }] = await Promise.all([
    import('../service/metrics.ts'),
    import('./telemetry/count-requests.ts'),
    import('./telemetry/count-events.ts'),
    import('./telemetry/look-up.ts'),
  ]);
  const metrics = createMetrics(METRICS);
  stack.add('request metrics', countRequests(metrics, counted.maxOperations));
  stack.add('event metrics', countEvents(metrics));
  return {
    metrics,
    readTrace,
    lookUp: (looked) => lookUp(metrics, { ...looked, spans: traced?.look }),
  };
}

async function openTraces(stack: ClosingStack, { endpoint, headers, ...options }: TelemetryConfig['traces'], log: Log) {
  if (endpoint === undefined) return undefined;
  const [{ openSpanSink }, { startTraces }] = await Promise.all([
    import('../service/spans.ts'),
    import('./telemetry/traces.ts'),
  ]);
  const sink = stack.add('spans', openSpanSink({ endpoint, headers, service: 'gateway', log }));
  const { readTrace } = stack.add('traces', startTraces({ ...options, sink }));
  return { readTrace, look: sink.look };
}
