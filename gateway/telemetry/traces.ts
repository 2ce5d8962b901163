import type { Running } from '../../service/run.ts';
import type { Span, SpanSink } from '../../service/spans.ts';
import { newSpanId, newTraceId, readTraceparent } from '../../service/trace-context.ts';
import { onRequestEnd } from '../ended-requests.ts';
import type { FetchRecord, ReadTrace, RequestRecord, Try } from '../request-record.ts';
import type { TelemetryConfig } from '../telemetry-config.ts';
import { hasFailed } from './has-failed.ts';

export interface TracesOptions extends Pick<TelemetryConfig['traces'], 'sample' | 'keepFailed' | 'slowMs'> {
  readonly sink: Pick<SpanSink, 'send'>;
  /** From 0 to 1. */
  readonly random?: () => number;
}

export interface Traces extends Running {
  readonly readTrace: ReadTrace;
}

/**
 * Decides which requests are traced: by their head, as `traceparent` says or by chance, and then subgraphs keep theirs as well; and at
 * their end, when they failed or were slow. Spans are made of the record when a request has ended, and only of those that are kept.
 */
export function startTraces({ sink, sample, keepFailed, slowMs, random = Math.random }: TracesOptions): Traces {
  const write = (record: RequestRecord) => {
    const { head, begun, ended } = record;
    const isKept = head.trace?.isSampled === true || (keepFailed && hasFailed(record)) || ended - begun >= slowMs;
    if (head.trace !== undefined && isKept) sink.send(toSpans(record, head.trace));
  };
  const end = onRequestEnd(write);
  return {
    readTrace: (traceparent) => {
      const parent = readTraceparent(traceparent);
      const { traceId = newTraceId(), isSampled = random() < sample } = parent ?? {};
      return { trace: { traceId, spanId: newSpanId(), isSampled }, parentSpanId: parent?.spanId };
    },
    close: async () => end(),
  };
}

/** The request, each step of its way, each fetch below the execution, and each try below its fetch. */
function toSpans(record: RequestRecord, { traceId, spanId }: { traceId: string; spanId: string }): readonly Span[] {
  const { head, begun, ended, operation, route, status } = record;
  const spans: Span[] = [];
  const add = (span: Omit<Span, 'traceId' | 'spanId'>, id = newSpanId()): string => {
    spans.push({ ...span, traceId, spanId: id });
    return id;
  };
  // As the conventions name a GraphQL server's span.
  const name =
    operation === undefined ? (route ?? head.protocol) : [operation.type, operation.name ?? []].flat().join(' ');
  add(
    {
      name,
      kind: 'server',
      parentSpanId: head.parentSpanId,
      begun,
      ended,
      attributes: attributesOf(record),
      isFailed: status >= 500 || hasFailed(record),
    },
    spanId,
  );
  let executing = spanId;
  let last = begun;
  for (const { step, ended: until } of record.steps()) {
    const id = add({
      name: step,
      kind: 'internal',
      parentSpanId: spanId,
      begun: last,
      ended: until,
      attributes: {},
      isFailed: false,
    });
    if (step === 'execute') executing = id;
    last = until;
  }
  for (const fetch of record.fetches) {
    const id = add(toFetchSpan(fetch, executing), fetch.spanId);
    for (const [index, one] of fetch.tries.entries()) add(toTrySpan(fetch, one, index, id));
  }
  return spans;
}

function attributesOf({
  head,
  operation,
  route,
  status,
  codes,
  cache,
  cost,
  bytes,
}: RequestRecord): Span['attributes'] {
  return {
    'graphql.operation.name': operation?.name,
    'graphql.operation.type': operation?.type,
    'http.route': route,
    'http.response.status_code': status,
    'http.response.body.size': bytes,
    'error.type': codes[0],
    'tributary.request.id': head.id,
    'tributary.protocol': head.protocol,
    'tributary.operation.hash': operation?.hash,
    'tributary.client.name': head.clientName?.slice(0, 200),
    'tributary.client.version': head.clientVersion?.slice(0, 200),
    'tributary.error.codes': codes.length === 0 ? undefined : codes,
    'tributary.cache.decision': cache,
    'tributary.cost.estimated': cost?.estimated,
  };
}

function toFetchSpan({ subgraph, node, begun, ended, bytes, code, tries }: FetchRecord, parentSpanId: string) {
  return {
    ...{ name: `fetch ${subgraph}`, kind: 'client' as const, parentSpanId, begun, ended, isFailed: code !== undefined },
    attributes: {
      'graphql.operation.name': node?.operationName,
      'graphql.operation.type': node?.operationKind,
      'http.response.body.size': bytes,
      'error.type': code,
      'tributary.subgraph': subgraph,
      // Another request's call gave the answer.
      'tributary.fetch.is_shared': tries.length === 0 && code === undefined,
    },
  };
}

function toTrySpan(
  { subgraph }: FetchRecord,
  { url, begun, ended, outcome }: Try,
  index: number,
  parentSpanId: string,
) {
  const { hostname, port, protocol } = new URL(url);
  const hasStatus = typeof outcome === 'number';
  return {
    ...{ name: `try ${index + 1} of ${subgraph}`, kind: 'client' as const, parentSpanId, begun, ended },
    isFailed: !hasStatus || outcome >= 500,
    attributes: {
      'server.address': hostname.replace(/^\[|\]$/g, ''),
      'server.port': port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port),
      'http.response.status_code': hasStatus ? outcome : undefined,
      'http.request.resend_count': index === 0 ? undefined : index,
      'error.type': hasStatus ? undefined : outcome,
    },
  };
}
