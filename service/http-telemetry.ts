import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { type HearAnswer, tellAnswers } from './http-answers.ts';
import { createHttpRequestLog } from './http-request-log.ts';
import type { openHttpTraces } from './http-traces.ts';
import type { Log } from './logs.ts';
import type { Running } from './run.ts';

/** The options of what the registry and the subgraphs tell of requests, to be put among their own. */
export const httpTelemetryOptions = {
  requestLog: z
    .strictObject({
      isEnabled: z.boolean().default(true).describe('Whether a line is written for each request, at level `info`.'),
    })
    .prefault({}),
  metrics: z
    .strictObject({
      isEnabled: z.boolean().default(true).describe('Whether there is `GET /metrics`, for whoever reaches this port.'),
    })
    .prefault({}),
  traces: z
    .strictObject({
      endpoint: z
        .url({ protocol: /^https?$/ })
        .optional()
        .describe(
          'Where spans of traced requests go, by OTLP over HTTP: `http://collector:4318/v1/traces`. Without it there are none.',
        ),
    })
    .prefault({}),
};

export interface HttpTelemetryConfig {
  readonly requestLog: { readonly isEnabled: boolean };
  readonly metrics: { readonly isEnabled: boolean };
  readonly traces: { readonly endpoint?: string | undefined };
}

/**
 * Has a server tell of its requests: in its log, at `GET /metrics`, and to a collector. Files of what is off are not loaded. To be closed
 * after the server.
 *
 * @param options `service` says whose spans they are, `regular` what other processes ask all the time
 */
export async function openHttpTelemetry(
  app: FastifyInstance,
  { requestLog, metrics, traces }: HttpTelemetryConfig,
  { service, log, regular = [] }: { readonly service: string; readonly log: Log; readonly regular?: readonly string[] },
): Promise<Running> {
  const listeners: HearAnswer[] = [];
  if (requestLog.isEnabled && log.isLevelEnabled('info')) listeners.push(createHttpRequestLog(log, regular));
  const traced = await openTraces(traces.endpoint, { service, log });
  if (traced !== undefined) listeners.push(traced.hear);
  if (metrics.isEnabled) {
    const { serveMetrics } = await import('./http-metrics.ts');
    listeners.push(serveMetrics(app, traced?.look));
  }
  tellAnswers(app, listeners);
  return { close: async () => traced?.close() };
}

async function openTraces(endpoint: string | undefined, options: Parameters<typeof openHttpTraces>[1]) {
  if (endpoint === undefined) return undefined;
  const { openHttpTraces } = await import('./http-traces.ts');
  return openHttpTraces(endpoint, options);
}
