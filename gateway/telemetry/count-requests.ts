import { observe } from '../../service/metrics.ts';
import type { Running } from '../../service/run.ts';
import type { GatewayMetrics } from '../metric-table.ts';
import { type FetchRecord, type RequestRecord, requestEvents, type Try } from '../request-record.ts';
import { createOperationLabels } from './operation-label.ts';

/** Counts requests, fetches and tries. */
export function countRequests(metrics: GatewayMetrics, maxOperations: number): Running {
  const labelOf = createOperationLabels(maxOperations);
  const durations = metrics.histogram('tributary_request_duration_seconds');
  const errors = metrics.counter('tributary_request_errors_total');
  const bytes = metrics.counter('tributary_response_bytes_total');
  const decisions = metrics.counter('tributary_response_cache_total');
  const costs = metrics.histogram('tributary_operation_cost_points');
  const fetches = metrics.histogram('tributary_subgraph_fetch_duration_seconds');
  const prepared = metrics.counter('tributary_operations_prepared_total');
  const tries = metrics.counter('tributary_upstream_tries_total');

  const count = (published: unknown) => {
    const record = published as RequestRecord;
    const { head, operation, codes, begun, ended, cache, cost, isTextKnown, isPlanKnown } = record;
    const labels = { protocol: head.protocol, operation: labelOf(operation), outcome: outcomeOf(record) };
    observe(
      durations,
      labels,
      (ended - begun) / 1_000,
      exemplarOf(head.trace?.isSampled === true, head.trace?.traceId),
    );
    for (const code of codes) errors.inc({ code });
    bytes.inc({ protocol: head.protocol }, record.bytes);
    if (cache !== undefined) decisions.inc({ decision: cache });
    if (cost !== undefined) {
      observe(costs, { kind: 'estimated' }, cost.estimated);
      if (cost.actual !== undefined) observe(costs, { kind: 'actual' }, cost.actual);
    }
    if (isTextKnown !== undefined) prepared.inc({ what: 'text', source: isTextKnown ? 'memo' : 'made' });
    if (isPlanKnown !== undefined) prepared.inc({ what: 'plan', source: isPlanKnown ? 'memo' : 'made' });
    for (const fetch of record.fetches) countFetch(fetch, head.trace?.traceId);
  };

  function countFetch(fetch: FetchRecord, traceId: string | undefined): void {
    const { subgraph, code, begun, ended, spanId } = fetch;
    const labels = { subgraph, outcome: code ?? 'ok' };
    observe(fetches, labels, (ended - begun) / 1_000, exemplarOf(spanId !== undefined, traceId, spanId));
    for (const one of fetch.tries) tries.inc({ upstream: subgraph, address: one.url, outcome: outcomeOfTry(one) });
  }

  requestEvents.subscribe(count);
  return { close: async () => void requestEvents.unsubscribe(count) };
}

function exemplarOf(isKept: boolean, traceId: string | undefined, spanId?: string): Record<string, string> | undefined {
  if (!isKept || traceId === undefined) return undefined;
  return { trace_id: traceId, ...(spanId !== undefined && { span_id: spanId }) };
}

function outcomeOf({ status, codes, plan, cache }: RequestRecord): string {
  if (status >= 400) return 'failed';
  if (codes.length === 0) return 'ok';
  return plan !== undefined || cache !== undefined ? 'partial' : 'failed';
}

function outcomeOfTry({ outcome }: Try): string {
  return typeof outcome === 'number' ? `${Math.floor(outcome / 100)}xx` : outcome;
}
