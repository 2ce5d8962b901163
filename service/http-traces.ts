import type { HearAnswer } from './http-answers.ts';
import type { Log } from './logs.ts';
import type { Running } from './run.ts';
import { openSpanSink, type SpanSink } from './spans.ts';
import { newSpanId } from './trace-context.ts';

export interface HttpTraces extends Running, Pick<SpanSink, 'look'> {
  readonly hear: HearAnswer;
}

/**
 * Tells a collector of requests that are part of a trace whose parts are kept: `traceparent` says so. Nothing begins one here.
 *
 * @param options `service` says whose spans they are
 */
export function openHttpTraces(
  endpoint: string,
  options: { readonly service: string; readonly log: Pick<Log, 'info' | 'warn'> },
): HttpTraces {
  const sink = openSpanSink({ endpoint, ...options });
  return {
    hear: ({ method, route, status, begun, ended, trace }) => {
      if (trace?.isSampled !== true) return;
      sink.send([
        {
          ...{ name: `${method} ${route ?? 'nowhere'}`, kind: 'server' },
          ...{ traceId: trace.traceId, spanId: newSpanId(), parentSpanId: trace.spanId },
          ...{ begun, ended, isFailed: status >= 500 },
          attributes: {
            'http.request.method': method,
            'http.route': route,
            'http.response.status_code': status,
          },
        },
      ]);
    },
    look: sink.look,
    close: () => sink.close(),
  };
}
