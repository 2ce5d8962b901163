import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startGateway } from './gateway/app.ts';
import { gatewayConfig } from './gateway/config.ts';
import { type RunningRegistry, type SharedDatabase, startRegistry } from './registry/app.ts';
import { registryConfig } from './registry/config.ts';
import { ConfigError, readConfig } from './service/config.ts';
import { startEmbeddedPostgres } from './service/embedded-postgres.ts';
import { createEvents } from './service/events.ts';
import { createLog, type Log } from './service/logs.ts';
import { ClosingStack, type Running, run } from './service/run.ts';
import { GRAPH_REF, type StartedGraph, startGraph } from './start-graph.ts';
import { describeStart } from './start-screen.ts';
import { findConfigProblems, SUBGRAPH_NAMES, startSubgraphs } from './subgraphs/start-all.ts';

/** Everything on this machine in one process, with embedded stores where no server is named: what `npm start` runs. */

const GATEWAY_CONFIG = fileURLToPath(new URL('./gateway/gateway.yaml', import.meta.url));

type Environment = Readonly<Record<string, string | undefined>>;

async function startAll(environment: Environment, log: Log): Promise<Running> {
  const stack = new ClosingStack();
  checkConfig(environment);
  try {
    const serverUrl = environment.DATABASE_URL || undefined;
    const redisUrl = environment.REDIS_URL || undefined;
    const dataDir = environment.TRIBUTARY_DATA_DIR || '.data';
    const embedded = serverUrl === undefined ? stack.add('postgres', await startEmbeddedPostgres(dataDir)) : undefined;
    const events = stack.add('events', createEvents({ redisUrl, log }));
    const seed = environment.SEED || (embedded === undefined ? 'none' : 'demo');

    const databaseUrl = serverUrl ?? embedded?.url ?? '';
    const shared = { databaseUrl, events };
    const subgraphs = stack.add('subgraphs', await startSubgraphs({ ...QUIET, ...environment, SEED: seed }, shared));

    // Who names another source serves without a registry.
    const registry =
      (environment.GATEWAY_SUPERGRAPH_SOURCE || 'uplink') === 'uplink' &&
      !environment.GATEWAY_SUPERGRAPH_UPLINK_ENDPOINTS
        ? stack.add('registry', await startOwnRegistry(environment, { url: databaseUrl, isEmbedded: !serverUrl }))
        : undefined;
    const graph = registry && (await startGraph({ registryUrl: `${registry.url}/graphql`, dataDir, environment }));

    const config = readConfig({
      schema: gatewayConfig,
      prefix: 'GATEWAY',
      file: GATEWAY_CONFIG,
      environment: {
        ...QUIET,
        GATEWAY_MODE: 'development',
        GATEWAY_AUTHENTICATION_ISSUERS_USERS_JWKS_URL: `${subgraphs.users.url}/.well-known/jwks.json`,
        ...Object.fromEntries(
          SUBGRAPH_NAMES.map((name) => [
            `GATEWAY_UPSTREAM_${name.toUpperCase()}_URLS`,
            `${subgraphs[name].url}/graphql`,
          ]),
        ),
        ...environment,
        ...(registry && graph && following(registry, graph, dataDir)),
      },
    });
    const gateway = stack.add(
      'gateway',
      await startGateway(config, createLog('gateway', config.log.level), environment, events),
    );

    console.log(
      describeStart({
        gateway: gateway.url,
        admin: gateway.adminUrl,
        subgraphs: SUBGRAPH_NAMES.map((name) => ({ name, url: subgraphs[name].url })),
        registry: registry && graph && { url: registry.url, ...graph },
        dataDir: embedded === undefined ? undefined : dataDir,
        hasRedis: redisUrl !== undefined,
        isDemo: seed === 'demo',
      }),
    );
    return stack;
  } catch (error) {
    await stack.close();
    throw error;
  }
}

async function startOwnRegistry(environment: Environment, shared: SharedDatabase): Promise<RunningRegistry> {
  const { GATEWAY_HTTP_PORT: port = '4000' } = environment;
  const config = readConfig({
    schema: registryConfig,
    prefix: 'REGISTRY',
    environment: {
      ...QUIET,
      // Which port is free is not known yet.
      ...(port !== '0' && { REGISTRY_CONSOLE_GATEWAY_URL: `http://localhost:${port}` }),
      ...environment,
    },
  });
  return startRegistry(config, createLog('registry', config.log.level), shared);
}

/** What makes the gateway follow the registry of this start, whatever APOLLO_KEY of another the environment has. */
function following(registry: RunningRegistry, { gatewayKey }: StartedGraph, dataDir: string): Environment {
  return {
    GATEWAY_SUPERGRAPH_SOURCE: 'uplink',
    GATEWAY_SUPERGRAPH_UPLINK_ENDPOINTS: `${registry.url}/uplink`,
    GATEWAY_SUPERGRAPH_UPLINK_LAST_GOOD_FILE: join(dataDir, 'gateway', 'supergraph.graphql'),
    GATEWAY_USAGE_IS_ENABLED: 'true',
    APOLLO_KEY: gatewayKey,
    APOLLO_GRAPH_REF: GRAPH_REF,
  };
}

/** All that is wrong is told at once, before a database is started. @throws {ConfigError} */
function checkConfig(environment: Environment): void {
  const problems = findConfigProblems(environment);
  const readers = {
    registry: () => readConfig({ schema: registryConfig, prefix: 'REGISTRY', environment }),
    gateway: () => readConfig({ schema: gatewayConfig, prefix: 'GATEWAY', file: GATEWAY_CONFIG, environment }),
  };
  for (const [name, read] of Object.entries(readers)) {
    try {
      read();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      problems.push(...error.problems.map(({ path, message }) => ({ path: `${name}: ${path}`, message })));
    }
  }
  if (problems.length > 0) throw new ConfigError(problems);
}

/** One screen, not a stream of log lines: services say only what is wrong, unless a level is set. */
const QUIET = Object.fromEntries(
  [...SUBGRAPH_NAMES, 'registry', 'gateway'].map((name) => [`${name.toUpperCase()}_LOG_LEVEL`, 'warn']),
);

const log = createLog('tributary', 'warn');
await run(() => startAll(process.env, log), { log, isInteractive: true, shutdownTimeoutMs: () => 10_000 });
