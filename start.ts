import { fileURLToPath } from 'node:url';
import { startGateway } from './gateway/app.ts';
import { gatewayConfig } from './gateway/config.ts';
import { ConfigError, readConfig } from './service/config.ts';
import { startEmbeddedPostgres } from './service/embedded-postgres.ts';
import { createEvents } from './service/events.ts';
import { createLog, type Log } from './service/logs.ts';
import { ClosingStack, type Running, run } from './service/run.ts';
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

    const shared = { databaseUrl: serverUrl ?? embedded?.url ?? '', events };
    const subgraphs = stack.add('subgraphs', await startSubgraphs({ ...QUIET, ...environment, SEED: seed }, shared));

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

/** All that is wrong is told at once, before a database is started. @throws {ConfigError} */
function checkConfig(environment: Environment): void {
  const problems = findConfigProblems(environment);
  try {
    readConfig({ schema: gatewayConfig, prefix: 'GATEWAY', file: GATEWAY_CONFIG, environment });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    problems.push(...error.problems.map(({ path, message }) => ({ path: `gateway: ${path}`, message })));
  }
  if (problems.length > 0) throw new ConfigError(problems);
}

/** One screen, not a stream of log lines: services say only what is wrong, unless a level is set. */
const QUIET = Object.fromEntries(
  [...SUBGRAPH_NAMES, 'gateway'].map((name) => [`${name.toUpperCase()}_LOG_LEVEL`, 'warn']),
);

const log = createLog('tributary', 'warn');
await run(() => startAll(process.env, log), { log, isInteractive: true, shutdownTimeoutMs: () => 10_000 });
