import { DrizzleQueryError } from 'drizzle-orm/errors';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import { Client, Pool } from 'pg';
import type { Log } from './logs.ts';
import type { Running } from './run.ts';

/** A pool of connections to one Postgres, with Drizzle's query builder on it. */
export interface Database extends Running {
  readonly query: NodePgDatabase;
  /** Resolves when the server answers. @throws what the driver throws when it does not */
  ping(): Promise<void>;
}

export interface DatabaseOptions {
  /** `postgres://…`; the embedded one has such a URL too. */
  readonly url: string;
  /** Whose tables these are: also names the table that remembers which migrations ran. */
  readonly service: string;
  /** A folder of SQL files with Drizzle's journal. */
  readonly migrations: string;
  readonly log: Log;
  readonly maxConnections?: number;
  /** How long the server may take to be reached, and for one query, in milliseconds; by default 10 s, and as long as it takes. */
  readonly timeoutMs?: number;
}

/**
 * Connects, and brings the tables up to date before anything reads them. Replicas that start at the same time migrate one
 * after the other, by an advisory lock.
 *
 * @throws when the server cannot be reached in time, or a migration fails
 */
export async function openDatabase({
  url,
  service,
  migrations,
  log,
  maxConnections = 10,
  timeoutMs,
}: DatabaseOptions): Promise<Database> {
  const connection = {
    connectionString: url,
    connectionTimeoutMillis: timeoutMs ?? 10_000,
    application_name: `tributary-${service}`,
  };
  try {
    await runMigrations(new Client(connection), service, migrations);
  } catch (error) {
    throw new Error(`The database of ${service} is not usable: ${messageOf(error)}`, { cause: error });
  }
  const pool = new Pool({
    ...connection,
    max: maxConnections,
    keepAlive: true,
    // Given up here alone, a query would go on there, and whoever asks again adds one more.
    ...(timeoutMs === undefined ? {} : { query_timeout: timeoutMs, statement_timeout: timeoutMs }),
  });
  // An idle connection that the server closes is replaced at the next query; without a listener it would end the process.
  pool.on('error', (error) => log.warn({ err: error }, 'lost an idle connection to the database'));
  // One that breaks between two queries of a transaction is nobody's: its next query fails, and is what tells of it.
  pool.on('connect', (client) => void client.on('error', () => undefined));
  const query = drizzle({ client: pool });
  query.transaction = (work, config) => onConnection(pool, (one) => one.transaction(work, config));
  return {
    query,
    ping: async () => {
      await pool.query('select 1');
    },
    close: () => pool.end(),
  };
}

/**
 * Takes a connection for a transaction, and gives it back whatever happens. Drizzle's own way with a pool keeps one whose `begin` fails
 * for ever: after ten, nothing more was asked of a database that was long back. One that could not end its transaction is closed.
 */
async function onConnection<Result>(pool: Pool, work: (one: NodePgDatabase) => Promise<Result>): Promise<Result> {
  const client = await pool.connect();
  let isUsable = true;
  try {
    return await work(drizzle({ client }));
  } catch (error) {
    isUsable = !(error instanceof DrizzleQueryError && /^(begin|commit|rollback)/.test(error.query));
    throw error;
  } finally {
    client.release(!isUsable);
  }
}

/**
 * Drizzle looks up what ran before it opens its transaction, so two replicas could both run a migration. Here the
 * transaction is open already, with a lock that ends with it; Drizzle's own `begin` is then a no-op and its `commit` ends ours.
 */
async function runMigrations(client: Client, service: string, migrationsFolder: string): Promise<void> {
  // A connection that breaks is told by the query that waits for it.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock(hashtext($1))', [`tributary:migrate:${service}`]);
    await migrate(drizzle({ client }), { migrationsFolder, migrationsSchema: 'migrations', migrationsTable: service });
  } finally {
    // What was not committed goes with the connection.
    await client.end().catch(() => undefined);
  }
}

function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join('; ');
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${messageOf(error.cause)})` : error.message;
}
