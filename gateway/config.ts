import { z } from 'zod';
import { LOG_LEVELS } from '../service/logs.ts';
import { timerMs } from '../service/timer-option.ts';
import { authenticationConfig } from './authentication-config.ts';
import { authorizationConfig } from './authorization-config.ts';
import { cacheConfig } from './cache-config.ts';
import { costConfig } from './cost-config.ts';
import { errorsConfig, modeConfig, schemaConfig } from './exposure-config.ts';
import { headerName, travellingHeader } from './header-name.ts';
import { httpConfig } from './http-config.ts';
import { limitsConfig } from './limits-config.ts';
import { persistedConfig } from './persisted-config.ts';
import { rateLimitConfig } from './rate-limit-config.ts';
import { restConfig } from './rest-config.ts';
import { routesConfig } from './routes-config.ts';
import { supergraphConfig } from './supergraph-config.ts';
import { explainConfig, telemetryConfig } from './telemetry-config.ts';
import { upstreamConfig, upstreamDefaultsConfig } from './upstream-config.ts';
import { usageConfig } from './usage-config.ts';
import { workersConfig } from './workers-config.ts';

/** As Federation has them, without `percent(…)`. */
const LABEL = /^[a-zA-Z][\w\-:./]*$/;

const WRONG_SHARE = 'must be true, false, or a percentage from 0 to 100';

/** Every option of the gateway: `docs/config.md` is made from it, `gateway.yaml` and the environment are read by it. */
export const gatewayConfig = z.strictObject({
  mode: modeConfig,
  http: httpConfig.prefault({}),
  admin: z
    .strictObject({
      host: z.string().default('127.0.0.1').describe('Address of the admin server; keep it off public networks.'),
      port: z.int().min(0).max(65_535).default(4090).describe('Port of the admin server; 0 for any free one.'),
    })
    .prefault({}),
  supergraph: supergraphConfig.prefault({}),
  usage: usageConfig.prefault({}),
  telemetry: telemetryConfig.prefault({}),
  explain: explainConfig.prefault({}),
  authentication: authenticationConfig.prefault({}),
  authorization: authorizationConfig.prefault({}),
  headers: z
    .strictObject({
      forward: z
        .array(travellingHeader())
        .default([])
        .describe(
          'Headers of the client that travel to subgraphs besides traceparent, tracestate and accept-language.',
        ),
    })
    .prefault({}),
  schema: schemaConfig.prefault({}),
  errors: errorsConfig.prefault({}),
  limits: limitsConfig.prefault({}),
  operations: z
    .strictObject({
      timeoutMs: timerMs()
        .positive()
        .default(30_000)
        .describe(
          'How long subgraphs may take for one operation together, in milliseconds. A client that will not wait so long says it in `x-timeout-ms`. What is not there by then is null, with an error.',
        ),
      memoBytes: z
        .int()
        .positive()
        .default(100_000_000)
        .describe(
          'How much memory prepared texts and plans take together, in bytes, as estimated: 110 for each character of a text, 10 for each of a plan in JSON. An eighth is for what came once; in each part, what was not used for longest goes first.',
        ),
      warmUp: z
        .int()
        .min(0)
        .default(100)
        .describe('How many of the most used operations are planned on a new supergraph before it is served.'),
      warmUpTimeoutMs: timerMs()
        .positive()
        .default(10_000)
        .describe(
          'How long a new supergraph waits for that and for the operations of the manifest, in milliseconds; the rest is planned while it is served.',
        ),
    })
    .prefault({}),
  planning: z
    .strictObject({
      threads: z
        .int()
        .positive()
        .default(1)
        .describe('Threads that validate and plan new operations. Each holds the supergraph once more.'),
      queueLength: z
        .int()
        .positive()
        .default(1_000)
        .describe(
          'How many new operations may wait for a thread. Clients take turns; who has most of them waiting is refused first.',
        ),
      queueTimeoutMs: timerMs()
        .positive()
        .default(15_000)
        .describe(
          'How long a new operation may wait for a thread, in milliseconds, once to be validated and once to be planned; then it is refused as `OVERLOADED`.',
        ),
      timeoutMs: timerMs()
        .positive()
        .default(3_000)
        .describe(
          'How long a thread may compute to validate or plan one operation, in milliseconds; ten times as long in all, where others have the cores.',
        ),
      heapMb: z
        .int()
        .positive()
        .default(1_024)
        .describe('Most memory of a thread, in megabytes. A graph of 2,000 types takes some 300.'),
      maxEvaluatedPlans: z
        .int()
        .positive()
        .default(10_000)
        .describe(
          'Most plans that are compared for one operation. Beyond it the plan may not be the best; nothing is refused.',
        ),
      maxPaths: z
        .int()
        .positive()
        .default(5_000)
        .describe('Most ways through the subgraphs to one field of an operation.'),
    })
    .prefault({}),
  sharing: z
    .strictObject({
      calls: z
        .boolean()
        .default(true)
        .describe(
          'Send identical calls to a subgraph that are under way at the same time only once. Mutations are never shared.',
        ),
      work: z
        .boolean()
        .default(true)
        .describe(
          'Let equal queries that would share their first calls share one execution: what comes back is parsed, put together and written once.',
        ),
      requests: z
        .boolean()
        .default(true)
        .describe(
          'Let a query join an equal one, by the same identity, as long as that has no answer; otherwise only until its first reply.',
        ),
    })
    .prefault({}),
  override: z
    .strictObject({
      key: headerName()
        .optional()
        .describe(
          'What the percentage of a labelled `@override` goes by: `subject`, of a token or API key, or else the name of a header. Requests without it are decided by chance, each for itself.',
        ),
      labels: z
        .record(
          z.string(),
          z
            .union([z.boolean(), z.number()], { error: WRONG_SHARE })
            .refine((share) => typeof share === 'boolean' || (share >= 0 && share <= 100), { error: WRONG_SHARE }),
        )
        .superRefine((labels, context) => {
          for (const label of Object.keys(labels).filter((name) => !LABEL.test(name)))
            context.addIssue({
              code: 'custom',
              path: [label],
              message: 'is no label to be decided here: a letter, then letters, digits and _ - : . /',
            });
        })
        .default({})
        .describe(
          'Per label of an `@override`: `true` or `false` for all, or the percentage for which it is on. Others are off; `percent(…)` labels say their percentage themselves.',
        ),
    })
    .prefault({}),
  persisted: persistedConfig.prefault({}),
  cache: cacheConfig.prefault({}),
  cost: costConfig.prefault({}),
  rateLimit: rateLimitConfig.prefault({}),
  rest: restConfig.prefault({}),
  routes: routesConfig,
  upstream: upstreamConfig,
  upstreamDefaults: upstreamDefaultsConfig.prefault({}),
  workers: workersConfig.prefault({}),
  log: z
    .strictObject({ level: z.enum(LOG_LEVELS).default('info').describe('The least severe log line to write.') })
    .prefault({}),
  shutdownTimeoutMs: timerMs().positive().default(10_000).describe('How long stopping may take, in milliseconds.'),
});

export type GatewayConfig = z.infer<typeof gatewayConfig>;
