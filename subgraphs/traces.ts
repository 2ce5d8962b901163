import type { FastifyInstance } from 'fastify';
import type { Log } from '../service/logs.ts';
import type { Running } from '../service/run.ts';
import { newSpanId, readTraceparent } from '../service/trace-context.ts';

export interface TracesConfig {
  readonly endpoint?: string | undefined;
}

/**
 * Tells a collector of requests that are part of a trace whose parts are kept: `traceparent` says so. Nothing begins one here.
 *
 * @param service whose spans they are
 */
export async function traceRequests(
  app: FastifyInstance,
  { endpoint }: TracesConfig,
  { service, log }: { readonly service: string; readonly log: Log },
): Promise<Running> {
  if (endpoint === undefined) return { close: async () => undefined };
  // Loaded only when it is used.
  const { openSpanSink } = await import('../service/spans.ts');
  const sink = openSpanSink({ endpoint, service, log });
  app.addHook('onResponse', async (request, reply) => {
    const { traceparent } = request.headers;
    const parent = readTraceparent(Array.isArray(traceparent) ? traceparent[0] : traceparent);
    if (parent?.isSampled !== true) return;
    const ended = performance.now();
    sink.send([
      {
        ...{ name: `${request.method} ${request.routeOptions.url ?? 'nowhere'}`, kind: 'server' },
        ...{ traceId: parent.traceId, spanId: newSpanId(), parentSpanId: parent.spanId },
        ...{ begun: ended - reply.elapsedTime, ended, isFailed: reply.statusCode >= 500 },
        attributes: {
          'http.request.method': request.method,
          'http.route': request.routeOptions.url,
          'http.response.status_code': reply.statusCode,
        },
      },
    ]);
  });
  return sink;
}
