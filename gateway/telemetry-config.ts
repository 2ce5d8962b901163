import { z } from 'zod';
import { timerMs } from '../service/timer-option.ts';
import { headerName } from './header-name.ts';

const share = () => z.number().min(0).max(1);

/** What the gateway tells of requests. */
export const telemetryConfig = z.strictObject({
  requestLog: z
    .strictObject({
      isEnabled: z.boolean().default(true).describe('Whether a line is written for each request, at level `info`.'),
      sample: share()
        .default(1)
        .describe(
          'Of which share of the requests. Those that failed and those that were slow are written all the same.',
        ),
      slowMs: timerMs()
        .positive()
        .default(1_000)
        .describe('From how many milliseconds a request is slow: its line has its plan, with the time of each fetch.'),
    })
    .prefault({}),
  metrics: z
    .strictObject({
      isEnabled: z.boolean().default(true).describe('Whether there is `GET /metrics` on the admin server.'),
      maxOperations: z
        .int()
        .min(0)
        .max(1_000)
        .default(100)
        .describe('How many operations have numbers of their own; those of all others are summed up as `other`.'),
    })
    .prefault({}),
  traces: z
    .strictObject({
      endpoint: z
        .url({ protocol: /^https?$/ })
        .optional()
        .describe(
          'Where spans go, by OTLP over HTTP: `http://collector:4318/v1/traces`. Without it nothing is traced.',
        ),
      headers: z
        .record(headerName(), z.string())
        .default({})
        .describe('Headers that they are sent with, such as the key of a service.'),
      sample: share()
        .default(0.01)
        .describe(
          'Of which share of the requests that begin a trace here. What others have begun is as they say in `traceparent`.',
        ),
      keepFailed: z
        .boolean()
        .default(true)
        .describe('Whether the spans of the gateway are also kept of requests that failed.'),
      slowMs: timerMs().positive().default(1_000).describe('And of those that took so many milliseconds.'),
    })
    .prefault({}),
});

/** Who may have a request explained, in the answer itself. */
export const explainConfig = z.strictObject({
  key: z
    .string()
    .min(16)
    .optional()
    .describe(
      'What signatures in the header `x-explain` are made with (`npm run explain`): who sends one gets `extensions.explain`. At least 16 characters.',
    ),
  anyone: z
    .boolean()
    .optional()
    .describe('Whether anybody gets it who sends `x-explain: 1`. By default in `mode: development`.'),
  roles: z
    .array(z.string().min(1))
    .default([])
    .describe('Roles of callers who get it as well, when they send `x-explain: 1`.'),
});

export type TelemetryConfig = z.infer<typeof telemetryConfig>;
