import { drizzle } from 'drizzle-orm/node-postgres';
import { Pool } from 'pg';
import type { z } from 'zod';
import { readConfig } from '../../../service/config.ts';
import { createEvents, type Events } from '../../../service/events.ts';
import { createLog } from '../../../service/logs.ts';
import { ClosingStack, type Running } from '../../../service/run.ts';
import type { Service, ServiceConfig } from '../../../subgraphs/service.ts';
import { openTestDatabase } from './open-test-database.ts';

/** A subgraph on a free port, with all that it said to its database. */
export interface TestService extends Running {
  readonly url: string;
  readonly events: Events;
  /** Every SQL statement, in order, but for those of the relay of its outbox. Set its length to 0 to begin anew. */
  readonly statements: string[];
  /** For looking at the tables behind the service's back. */
  readonly pool: Pool;
}

export interface TestServiceOptions {
  readonly databaseUrl: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly events?: Events;
}

/** It looks into its table from time to time. */
const isOfRelay = /^(begin|commit)|pg_try_advisory_xact_lock|"outbox"/;

/** Starts a subgraph as a process would, on a database of the test's own. */
export async function startTestService<Schema extends z.ZodType<ServiceConfig> & z.ZodObject>(
  service: Service<Schema>,
  { databaseUrl, environment = {}, events = createEvents({ log: createLog('test', 'silent') }) }: TestServiceOptions,
): Promise<TestService> {
  const log = createLog(service.name, 'silent');
  const prefix = service.name.toUpperCase();
  const config = readConfig({
    schema: service.config,
    prefix,
    environment: { [`${prefix}_HTTP_PORT`]: '0', ...environment },
  });
  const stack = new ClosingStack();
  const opened = stack.add('database', await openTestDatabase(service.name, databaseUrl));
  const pool = new Pool({ connectionString: databaseUrl, max: 10 });
  // The database is dropped right after the service is closed, which a connection that is just closing may hear of.
  pool.on('error', () => undefined);
  stack.add('pool', { close: () => pool.end() });
  const statements: string[] = [];
  const query = drizzle({
    client: pool,
    logger: { logQuery: (statement) => isOfRelay.test(statement) || statements.push(statement) },
  });
  const served = stack.add('service', await service.start({ config, database: { ...opened, query }, events, log }));
  return { url: served.url, events, statements, pool, close: () => stack.close() };
}
