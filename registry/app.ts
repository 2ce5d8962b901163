import { fileURLToPath } from 'node:url';
import type { FastifyError, FastifyInstance } from 'fastify';
import { type Database, openDatabase } from '../service/database.ts';
import { startEmbeddedPostgres } from '../service/embedded-postgres.ts';
import { createServer, listen } from '../service/http-server.ts';
import { openHttpTelemetry } from '../service/http-telemetry.ts';
import type { Log } from '../service/logs.ts';
import { ClosingStack, type Running } from '../service/run.ts';
import { ensureAdministrator } from './access/administrator.ts';
import { createKeys, type Keys } from './access/keys.ts';
import { createSessions } from './access/sessions.ts';
import { startChecking } from './check/start-checking.ts';
import type { Checking } from './check/submit-check.ts';
import type { RegistryConfig } from './config.ts';
import { serveConsole } from './console/serve-console.ts';
import { type CurrentSupergraphs, loadCurrentSupergraphs } from './current/current.ts';
import { RegistryError } from './errors.ts';
import { concealFault } from './fault.ts';
import { hearOthers } from './hear-others.ts';
import { createLiveNumbers, type LiveNumbers } from './live/live-numbers.ts';
import { createLiveRelay, type LiveRelay } from './live/live-relay.ts';
import type { Publishing } from './publication/publishing.ts';
import { createTurns } from './publication/turns.ts';
import { serveRover } from './rover/serve.ts';
import { createSchemaThreads, type SchemaThreads } from './schema/schema-threads.ts';
import { createTypeMaps } from './schema/type-maps.ts';
import { insertGraph } from './storage/graphs.ts';
import { toRegistryError } from './storage/unavailable.ts';
import { createPersistedLists } from './uplink/persisted-lists.ts';
import { serveUplink } from './uplink/serve-uplink.ts';
import { startPruning } from './usage/prune-usage.ts';
import { serveLive } from './usage/serve-live.ts';
import { serveUsage } from './usage/serve-usage.ts';
import { recordCheck, recordVersion } from './webhook/record.ts';
import { relayDeliveries } from './webhook/relay.ts';

export interface RunningRegistry extends Running {
  /** `http://host:port`, with the port that was found free when 0 was asked for. */
  readonly url: string;
}

/** A database that others in this process use too. */
export interface SharedDatabase {
  readonly url: string;
  /** The embedded one has one session and one process: nobody listens there. */
  readonly isEmbedded: boolean;
}

/** What gateways ask every second, and report every few. */
const OF_GATEWAYS = ['/uplink', '/supergraph/:graph/:variant', '/usage', '/live'];

const MIGRATIONS = fileURLToPath(new URL('./storage/migrations', import.meta.url));

/** Starts the registry; closing it ends in reverse order what it has started. */
export async function startRegistry(
  config: RegistryConfig,
  log: Log,
  shared?: SharedDatabase,
): Promise<RunningRegistry> {
  const stack = new ClosingStack();
  try {
    const { url, isEmbedded } = shared ?? (await chooseDatabase(config, stack));
    const database = stack.add(
      'database',
      await openDatabase({
        url,
        service: 'registry',
        migrations: MIGRATIONS,
        log,
        timeoutMs: config.database.timeoutMs,
      }),
    );
    await prepare(database, config, log);
    const current = stack.add('current', await loadCurrentSupergraphs({ database, log }));
    const keys = createKeys({ database });
    const live = createLiveNumbers({ now: () => new Date() });
    const liveRelay = createLiveRelay({ query: database.query, live, log, isAlone: isEmbedded });
    if (!isEmbedded) stack.add('notices', hearOthers({ url, log, current, keys, liveRelay }));
    const threads = stack.add('schema threads', createSchemaThreads(config.composition));
    // Any key may have something composed, linted and printed: publishes do not wait for that.
    const reading = stack.add('reading threads', createSchemaThreads(config.composition));
    const publishing: Publishing = {
      ...threads,
      database,
      current,
      turns: createTurns(),
      schemaLimitBytes: config.schemaLimitBytes,
      now: () => new Date(),
      onVersion: recordVersion,
    };
    stack.add('webhooks', relayDeliveries({ ...config.webhooks, database, log }));

    // A schema in JSON is longer than it is by itself; one that is too large is refused with a message, not by its body.
    const server = createServer({ log, bodyLimitBytes: config.schemaLimitBytes * 4 });
    stack.add('telemetry', await openHttpTelemetry(server, config, { service: 'registry', log, regular: OF_GATEWAYS }));
    concealFaults(server, log);
    addHealth(server, database, log);
    let address = '';
    const publicUrl = () => (config.publicUrl ?? address).replace(/\/+$/, '');
    stack.add('pruning', startPruning({ ...config.usage, database, now: publishing.now, log }));
    stack.add('server', { close: () => server.close() });
    const checking = stack.add('checks', startChecking(publishing, config.checks, recordCheck));
    const rooms = { config, database, keys, current, publishing, checking, reading, live, liveRelay, log, publicUrl };
    stack.add('edge', await addRoutes(server, rooms));
    address = await listen(server, { ...config.http, option: 'REGISTRY_HTTP_PORT' });
    log.info({ url: address }, 'the registry is serving');
    return { url: address, close: () => stack.close() };
  } catch (error) {
    await stack.close();
    throw error;
  }
}

/** What the rooms at the edge work with. */
interface Rooms {
  readonly config: RegistryConfig;
  readonly database: Database;
  readonly keys: Keys;
  readonly current: CurrentSupergraphs;
  readonly publishing: Publishing;
  readonly checking: Checking;
  readonly reading: SchemaThreads;
  readonly live: LiveNumbers;
  readonly liveRelay: LiveRelay;
  readonly log: Log;
  /** How people reach the registry, for links: without a slash at the end. Known as soon as it listens. */
  readonly publicUrl: () => string;
}

/** Here the rooms at the edge add their routes. */
async function addRoutes(server: FastifyInstance, rooms: Rooms): Promise<Running> {
  const { config, publicUrl, publishing, checking } = rooms;
  const { schemaLimitBytes } = config;
  const { now } = publishing;
  serveUplink(server, { ...rooms, ...config.uplink, lists: createPersistedLists(rooms) });
  serveUsage(server, { ...rooms, ...config.usage, now });
  serveLive(server, rooms);
  const { gatewayUrl, sessionHours } = config.console;
  const lastsMs = sessionHours * 3_600_000;
  const sessions = createSessions({ ...rooms, lastsMs, now });
  serveConsole(server, { sessions, lastsMs, publicUrl });
  return serveRover(server, {
    ...rooms,
    frontendUrl: publicUrl,
    schemaLimitBytes,
    now,
    checking,
    sessions,
    typeMaps: createTypeMaps(rooms.reading),
    explorerUrl: gatewayUrl === undefined ? null : `${gatewayUrl.replace(/\/+$/, '')}/graphql/explorer`,
  });
}

async function chooseDatabase({ database, dataDir }: RegistryConfig, stack: ClosingStack): Promise<SharedDatabase> {
  if (database.url !== undefined) return { url: database.url, isEmbedded: false };
  const { url } = stack.add('postgres', await startEmbeddedPostgres(dataDir));
  return { url, isEmbedded: true };
}

/** What must be there before anybody can ask for anything. */
async function prepare(database: Database, config: RegistryConfig, log: Log): Promise<void> {
  const { graphs, adminKey, gatewayKey, dataDir } = config;
  const now = new Date();
  for (const id of graphs) await insertGraph(database.query, { id, title: id, createdAt: now });
  await ensureAdministrator({ database, adminKey, gatewayKey, dataDir, log, now });
}

/** Of a route that does not answer a failure by itself; what the server says of a request (a body too large) is shown as it is. */
export function concealFaults(server: FastifyInstance, log: Log): void {
  server.setErrorHandler<FastifyError>((thrown, _request, reply) => {
    const error = toRegistryError(thrown);
    if (error instanceof RegistryError) {
      const { code, message } = error;
      return reply.code(code === 'DATABASE_UNAVAILABLE' ? 503 : 400).send({ error: { code, message } });
    }
    const { statusCode = 500, code, message } = thrown;
    if (statusCode < 500) return reply.code(statusCode).send({ error: { code, message } });
    const shown = concealFault(log, thrown, 'a request failed by a fault of the registry');
    return reply.code(500).send({ error: { code: 'INTERNAL_SERVER_ERROR', message: shown } });
  });
}

/** `/health`: the process lives. `/ready`: it serves; while the database is away it does so from memory, and says that. */
function addHealth(server: FastifyInstance, database: Database, log: Log): void {
  server.get('/health', async () => ({ status: 'ok' }));
  server.get('/ready', async () => {
    try {
      await database.ping();
      return { status: 'ready', database: 'answers' };
    } catch (error) {
      log.debug({ err: error }, 'the database does not answer');
      return { status: 'ready', database: 'away' };
    }
  });
}
