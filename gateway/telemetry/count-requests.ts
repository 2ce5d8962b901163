import type { Running } from '../../service/run.ts';
import { onRequestEnd, tellEnded } from '../ended-requests.ts';
import { ERRORS } from '../errors.ts';
import type { GatewayMetrics } from '../metric-table.ts';
import type { FetchRecord, RequestRecord, Try } from '../request-record.ts';
import { hasFailed } from './has-failed.ts';
import { createOperationLabels } from './operation-label.ts';

/** Codes that have a number of their own, those of the gateway among them; and the form of one. */
const MOST_CODES = 200;
const USUAL = /^[A-Z][A-Z0-9_]{0,99}$/;

/** Counts requests, fetches and tries. */
export function countRequests(metrics: GatewayMetrics, maxOperations: number): Running {
  const labelOf = createOperationLabels(maxOperations);
  const durations = metrics.histogram('tributary_request_duration_seconds');
  const errors = metrics.counter('tributary_request_errors_total');
  const bytes = metrics.counter('tributary_response_bytes_total');
  const decisions = metrics.counter('tributary_response_cache_total');
  const costs = metrics.histogram('tributary_operation_cost_points');
  const estimated = costs.at('estimated');
  const fetches = metrics.histogram('tributary_subgraph_fetch_duration_seconds');
  const prepared = metrics.counter('tributary_operations_prepared_total');
  const sourcesOf = (what: string) => ({ known: prepared.at(what, 'memo'), made: prepared.at(what, 'made') });
  const [texts, plans] = [sourcesOf('text'), sourcesOf('plan')];
  const tries = metrics.counter('tributary_upstream_tries_total');

  /** Subgraphs make up codes of their own, and may put anything into them. */
  const known = new Set<string>(Object.keys(ERRORS));
  const codeOf = (code: string): string => {
    if (known.has(code)) return code;
    if (known.size >= MOST_CODES || !USUAL.test(code)) return 'other';
    known.add(code);
    return code;
  };

  const count = (record: RequestRecord) => {
    const { head, operation, codes, begun, ended, cache, cost, isTextKnown, isPlanKnown } = record;
    const exemplar = exemplarOf(head.trace?.isSampled === true, head.trace?.traceId);
    durations
      .at(head.protocol, labelOf(operation, hasFailed(record)), outcomeOf(record))
      .observe((ended - begun) / 1_000, exemplar);
    for (const code of codes) errors.at(codeOf(code)).add();
    bytes.at(head.protocol).add(record.bytes);
    if (cache !== undefined) decisions.at(cache).add();
    if (cost !== undefined) {
      estimated.observe(cost.estimated);
      if (cost.actual !== undefined) costs.at('actual').observe(cost.actual);
    }
    if (isTextKnown !== undefined) (isTextKnown ? texts.known : texts.made).add();
    if (isPlanKnown !== undefined) (isPlanKnown ? plans.known : plans.made).add();
    for (const fetch of record.fetches) countFetch(fetch, head.trace?.traceId);
  };

  function countFetch(fetch: FetchRecord, traceId: string | undefined): void {
    const { subgraph, code, begun, ended, spanId } = fetch;
    const exemplar = exemplarOf(spanId !== undefined, traceId, spanId);
    fetches.at(subgraph, code ?? 'ok').observe((ended - begun) / 1_000, exemplar);
    for (const one of fetch.tries) tries.at(subgraph, one.url, outcomeOfTry(one)).add();
  }

  metrics.onScrape(tellEnded);
  const end = onRequestEnd(count);
  return { close: async () => end() };
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
  return typeof outcome === 'number' ? (CLASSES[Math.floor(outcome / 100)] ?? 'other') : outcome;
}

/** Of HTTP statuses. */
const CLASSES = ['other', '1xx', '2xx', '3xx', '4xx', '5xx'];
