import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import { Pool } from 'pg';
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
}

/**
 * Connects, and brings the tables up to date before anything reads them. Replicas that start at the same time migrate one
 * after the other, by an advisory lock.
 *
 * @throws when the server cannot be reached within 10 s, or a migration fails
 */
export async function openDatabase({
  url,
  service,
  migrations,
  log,
  maxConnections = 10,
}: DatabaseOptions): Promise<Database> {
  const pool = new Pool({
    connectionString: url,
    max: maxConnections,
    connectionTimeoutMillis: 10_000,
    application_name: `tributary-${service}`,
  });
  // An idle connection that the server closes is replaced at the next query; without a listener it would end the process.
  pool.on('error', (error) => log.warn({ err: error }, 'lost an idle connection to the database'));
  try {
    await runMigrations(pool, service, migrations);
  } catch (error) {
    await pool.end();
    throw new Error(`The database of ${service} is not usable: ${messageOf(error)}`, { cause: error });
  }
  return {
    query: drizzle({ client: pool }),
    ping: async () => {
      await pool.query('select 1');
    },
    close: () => pool.end(),
  };
}

/**
 * Drizzle looks up what ran before it opens its transaction, so two replicas could both run a migration. Here the
 * transaction is open already, with a lock that ends with it; Drizzle's own `begin` is then a no-op and its `commit` ends ours.
 */
async function runMigrations(pool: Pool, service: string, migrationsFolder: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock(hashtext($1))', [`tributary:migrate:${service}`]);
    await migrate(drizzle({ client }), { migrationsFolder, migrationsSchema: 'migrations', migrationsTable: service });
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join('; ');
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${messageOf(error.cause)})` : error.message;
}
