import type { FastifyInstance } from 'fastify';
import type { HearAnswer } from './http-answers.ts';
import { LOST_METRICS, lookUpLost } from './lost-metrics.ts';
import { type MetricTable, SECONDS } from './metric-definition.ts';
import { createMetrics } from './metrics.ts';
import type { SpanSink } from './spans.ts';

/** All metrics of the registry and of each subgraph but those of the process, which begin with `process_` and `nodejs_`. */
export const HTTP_METRICS = {
  tributary_http_request_duration_seconds: {
    type: 'histogram',
    help: 'Requests, from their head to the answer; route is a pattern, or none where there is nothing',
    labels: ['route', 'method', 'status'],
    buckets: SECONDS,
  },
  ...LOST_METRICS,
} as const satisfies MetricTable;

/** Adds `GET /metrics` to a server, for Prometheus. @param spans `undefined` when nothing is traced */
export function serveMetrics(app: FastifyInstance, spans: SpanSink['look'] | undefined): HearAnswer {
  const metrics = createMetrics(HTTP_METRICS);
  lookUpLost(metrics, spans);
  const durations = metrics.histogram('tributary_http_request_duration_seconds');
  app.get('/metrics', async ({ headers }, reply) => {
    const { contentType, text } = await metrics.scrape(headers.accept);
    return reply.header('content-type', contentType).send(text);
  });
  return ({ route = 'none', method, status, begun, ended, trace }) => {
    const exemplar = trace?.isSampled === true ? { trace_id: trace.traceId } : undefined;
    durations.at(route, method, String(status)).observe((ended - begun) / 1_000, exemplar);
  };
}
