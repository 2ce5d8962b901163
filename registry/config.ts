import { z } from 'zod';
import { httpTelemetryOptions } from '../service/http-telemetry.ts';
import { LOG_LEVELS } from '../service/logs.ts';
import { timerMs } from '../service/timer-option.ts';
import { checkConfig } from './check-config.ts';
import { GRAPH_ID } from './names.ts';

/** All options of the registry. */
const options = z.strictObject({
  http: z
    .strictObject({
      host: z.string().default('127.0.0.1').describe('Address that rover and gateways reach; 0.0.0.0 for all.'),
      port: z
        .int()
        .min(0)
        .max(65_535)
        .default(4200)
        .describe('Port that rover and gateways reach; 0 for any free one.'),
    })
    .prefault({}),
  publicUrl: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('How people reach the registry, for links that rover prints; without it, where it listens.'),
  database: z
    .strictObject({
      url: z
        .url({ protocol: /^postgres(ql)?$/, error: 'must be postgres://USER@HOST:PORT/DATABASE' })
        .optional()
        .describe('`postgres://…`; without it an embedded Postgres keeps the data under `dataDir`.'),
      timeoutMs: timerMs()
        .positive()
        .default(10_000)
        .describe('How long Postgres may take to be reached, and for one query, in milliseconds.'),
    })
    .prefault({}),
  dataDir: z
    .string()
    .default('.data')
    .describe("Where the embedded Postgres keeps its files, and the administrator's key is left at the first start."),
  graphs: z
    .array(z.string().regex(GRAPH_ID, { error: 'must be a letter, then letters, digits, "_" or "-", 64 at most' }))
    .default(['tributary'])
    .describe('Ids of graphs that are created at start if they are not there.'),
  adminKey: z
    .string()
    .min(16, { error: 'must have 16 characters at least: whoever has it may do everything' })
    .optional()
    .describe(
      "The administrator's API key. Without it one is drawn at the first start, and left in `dataDir`. A new value replaces the one before.",
    ),
  gatewayKey: z
    .string()
    .min(16, { error: 'must have 16 characters at least' })
    .optional()
    .describe(
      'An API key for gateways, which may read all graphs and report usage: for those that are deployed together with the registry. A new value replaces the one before.',
    ),
  schemaLimitBytes: z
    .int()
    .positive()
    .default(4_000_000)
    .describe('Largest schema of a subgraph, in bytes; larger ones are refused with a message.'),
  checks: checkConfig.prefault({}),
  composition: z
    .strictObject({
      threads: z
        .int()
        .positive()
        .default(1)
        .describe(
          'How many threads look at the schemas of publishes and compose them. Publishes of one variant wait for one another.',
        ),
      timeoutMs: timerMs()
        .positive()
        .default(60_000)
        .describe(
          'How long a thread may take for one of these, in milliseconds; then nothing is published, and rover says so.',
        ),
      queueLength: z.int().positive().default(100).describe('How many of these may wait for a thread.'),
      heapMb: z.int().positive().default(2_048).describe('Most memory of a thread, in megabytes.'),
    })
    .prefault({}),
  uplink: z
    .strictObject({
      minDelaySeconds: z
        .int()
        .min(1)
        .default(1)
        .describe('How long gateways and routers are told to wait between two questions, in seconds.'),
    })
    .prefault({}),
  usage: z
    .strictObject({
      retentionDays: z
        .int()
        .positive()
        .default(90)
        .describe('How long it is kept how often operations ran, by day, in days. Checks look back no further.'),
      maxOperations: z
        .int()
        .positive()
        .default(20_000)
        .describe(
          'Most distinct operations of one graph; further ones are not counted, and gateways say so in their logs.',
        ),
      maxClients: z
        .int()
        .positive()
        .default(1_000)
        .describe(
          'Most clients, by name and version, that are told apart on one day of one variant; what further ones run counts without a name.',
        ),
    })
    .prefault({}),
  webhooks: z
    .strictObject({
      timeoutMs: timerMs()
        .positive()
        .default(10_000)
        .describe('How long a webhook may take to answer, in milliseconds; then it is tried again later.'),
      attempts: z
        .int()
        .positive()
        .default(8)
        .describe('How often a webhook is told of one event before that is given up: eight take some seven hours.'),
      concurrency: z.int().positive().default(10).describe('How many webhooks are called at once.'),
    })
    .prefault({}),
  console: z
    .strictObject({
      gatewayUrl: z
        .url({ protocol: /^https?$/ })
        .optional()
        .describe(
          "Where people reach a gateway, such as `http://localhost:4000`: the console's link to the explorer leads there. Without it there is no link.",
        ),
      sessionHours: z
        .number()
        .positive()
        .max(720)
        .default(12)
        .describe('How long somebody stays signed in to the console, in hours.'),
    })
    .prefault({}),
  ...httpTelemetryOptions,
  log: z
    .strictObject({ level: z.enum(LOG_LEVELS).default('info').describe('The least severe log line to write.') })
    .prefault({}),
  shutdownTimeoutMs: timerMs().positive().default(10_000).describe('How long stopping may take, in milliseconds.'),
});

/** {@link options}, which must fit one another. */
export const registryConfig = options.refine(
  ({ adminKey, gatewayKey }) => gatewayKey === undefined || gatewayKey !== adminKey,
  { path: ['gatewayKey'], error: "must be another than adminKey: gateways have no use for the administrator's rights" },
);

export type RegistryConfig = z.infer<typeof registryConfig>;
