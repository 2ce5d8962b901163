import type { FastifyInstance } from 'fastify';
import type { HearAnswer } from './http-answers.ts';
import { type MetricTable, SECONDS } from './metric-definition.ts';
import { createMetrics } from './metrics.ts';

/** All metrics of the registry and of each subgraph but those of the process, which begin with `process_` and `nodejs_`. */
export const HTTP_METRICS = {
  tributary_http_request_duration_seconds: {
    type: 'histogram',
    help: 'Requests, from their head to the answer; route is a pattern, or none where there is nothing',
    labels: ['route', 'method', 'status'],
    buckets: SECONDS,
  },
} as const satisfies MetricTable;

/** Adds `GET /metrics` to a server, for Prometheus. */
export function serveMetrics(app: FastifyInstance): HearAnswer {
  const metrics = createMetrics(HTTP_METRICS);
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
