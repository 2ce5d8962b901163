import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type ConfigSources, readConfig } from '../service/config.ts';
import { type Database, openDatabase } from '../service/database.ts';
import { startEmbeddedPostgres } from '../service/embedded-postgres.ts';
import { createEvents, type Events } from '../service/events.ts';
import { httpTelemetryOptions } from '../service/http-telemetry.ts';
import { createLog, LOG_LEVELS, type Log } from '../service/logs.ts';
import { ClosingStack, run } from '../service/run.ts';
import { timerMs } from '../service/timer-option.ts';
import { createTokenVerifier, type VerifyToken } from '../service/tokens.ts';
import type { ServedSubgraph } from './server.ts';

/** The options that every subgraph has. A service adds its own with `.extend({ … })`. */
export function serviceConfig(defaultPort: number) {
  return z.strictObject({
    http: z
      .strictObject({
        host: z.string().default('127.0.0.1').describe('Address to listen on; 0.0.0.0 for all.'),
        port: z.int().min(0).max(65_535).default(defaultPort).describe('Port to listen on; 0 for any free one.'),
      })
      .prefault({}),
    database: z
      .strictObject({
        url: z
          .url({ protocol: /^postgres(ql)?$/, error: 'must be postgres://USER@HOST:PORT/DATABASE' })
          .optional()
          .describe('`postgres://…`; without it an embedded Postgres keeps the data under `dataDir`.'),
      })
      .prefault({}),
    redis: z
      .strictObject({
        url: z
          .url({ protocol: /^rediss?$/, error: 'must be redis://HOST:PORT, or rediss:// with TLS' })
          .optional()
          .describe('`redis://…` for events between services; without it they stay inside the process.'),
        prefix: z.string().default('tributary:').describe('Put before every Redis key.'),
      })
      .prefault({}),
    dataDir: z.string().default('.data').describe('Where the embedded Postgres keeps its files.'),
    seed: z.enum(['none', 'demo']).default('none').describe('`demo` fills empty tables with the demo data.'),
    token: z
      .strictObject({
        issuer: z.string().default('http://localhost:4101').describe('The `iss` that access tokens must have.'),
        audience: z.string().default('tributary').describe('The `aud` that access tokens must have.'),
        jwksUrl: z
          .url()
          .default('http://localhost:4101/.well-known/jwks.json')
          .describe("Where the issuer's public keys are (RFC 7517)."),
      })
      .prefault({}),
    ...httpTelemetryOptions,
    log: z
      .strictObject({ level: z.enum(LOG_LEVELS).default('info').describe('The least severe log line to write.') })
      .prefault({}),
    shutdownTimeoutMs: timerMs().positive().default(10_000).describe('How long stopping may take, in milliseconds.'),
  });
}

export type ServiceConfig = z.infer<ReturnType<typeof serviceConfig>>;

/** What a service is handed by whoever starts it. */
export interface Surroundings<Config extends ServiceConfig = ServiceConfig> {
  readonly config: Config;
  readonly database: Database;
  readonly events: Events;
  readonly log: Log;
}

/** A subgraph as something that can be started, alone or beside others in one process. */
export interface Service<
  Schema extends z.ZodType<ServiceConfig> & z.ZodObject = z.ZodType<ServiceConfig> & z.ZodObject,
> {
  /** Also the prefix of its environment variables and the name of its database schema. */
  readonly name: string;
  readonly config: Schema;
  readonly start: (surroundings: Surroundings<z.infer<Schema>>) => Promise<ServedSubgraph>;
}

/** Checks access tokens by the keys that the users service publishes. */
export function createVerifier({ token: { issuer, audience, jwksUrl } }: ServiceConfig): VerifyToken {
  return createTokenVerifier({ issuer, audience, keys: new URL(jwksUrl) });
}

/** What several services in one process share instead of each opening its own. */
export interface Shared {
  readonly databaseUrl?: string;
  readonly events?: Events;
}

/** Opens what a service needs and starts it; closing the result closes all of that in reverse. */
export async function startService<Schema extends z.ZodType<ServiceConfig> & z.ZodObject>(
  service: Service<Schema>,
  config: z.infer<Schema>,
  log: Log,
  shared: Shared = {},
): Promise<ServedSubgraph> {
  const stack = new ClosingStack();
  try {
    const url =
      shared.databaseUrl ??
      config.database.url ??
      stack.add('postgres', await startEmbeddedPostgres(config.dataDir)).url;
    const migrations = join(fileURLToPath(new URL('.', import.meta.url)), service.name, 'migrations');
    const database = stack.add('database', await openDatabase({ url, service: service.name, migrations, log }));
    const events =
      shared.events ??
      stack.add('events', createEvents({ redisUrl: config.redis.url, prefix: config.redis.prefix, log }));
    const served = stack.add(service.name, await service.start({ config, database, events, log }));
    return { url: served.url, close: () => stack.close() };
  } catch (error) {
    await stack.close();
    throw error;
  }
}

/** A service as a process of its own: what each `main.ts` calls. Reads the configuration from the environment. */
export async function runService<Schema extends z.ZodType<ServiceConfig> & z.ZodObject>(
  service: Service<Schema>,
  environment: ConfigSources<Schema>['environment'],
): Promise<void> {
  const bootLog = createLog(service.name, 'info');
  let config: z.infer<Schema> | undefined;
  const start = async () => {
    config = readConfig({ schema: service.config, prefix: service.name.toUpperCase(), environment });
    return startService(service, config, createLog(service.name, config.log.level));
  };
  await run(start, { log: bootLog, shutdownTimeoutMs: () => config?.shutdownTimeoutMs ?? 10_000 });
}
