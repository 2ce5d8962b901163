import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { readUsageWindow } from '../../registry/storage/usage-window.ts';
import { startEmbeddedPostgres } from '../../service/embedded-postgres.ts';
import { ClosingStack } from '../../service/run.ts';
import { DAYS, fillUsage } from '../registry/support/fill-usage.ts';
import { openChecking } from '../registry/support/open-checking.ts';
import { GRAPH } from '../registry/support/open-registry.ts';
import { brief, table } from './tables.ts';

/**
 * `node --import ./service/compile-cache.js test/bench/registry-check.ts [OPERATIONS] [CLIENTS]`, as the registry is started: how long a check takes over a week of usage, 500 distinct operations of
 * 40 clients by default; first its one query, then all of it. On the server of `DATABASE_URL`, in a database of its own; without one,
 * on the embedded Postgres.
 */
const [operations = 500, clients = 40] = process.argv.slice(2).map(Number);
if (!(operations >= 1) || !(clients >= 1))
  throw new TypeError('usage: node test/bench/registry-check.ts [OPERATIONS] [CLIENTS]');
const ROUNDS = 5;
/** A whole check reads two supergraphs to plan on, in a thread that it starts. */
const WHOLE_ROUNDS = 3;
const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])';

/** As many types as operations; each operation asks for one of them. */
function schemaOf(shared: string): string {
  const numbers = Array.from({ length: operations }, (_, number) => number);
  return `${LINK} type Query { ${shared} ${numbers.map((number) => `t${number}: T${number}`).join(' ')} }
    ${numbers.map((number) => `type T${number} @key(fields: "id") { id: ID! name: String }`).join('\n')}`;
}

async function databaseOf(stack: ClosingStack): Promise<string> {
  const server = process.env.DATABASE_URL;
  if (server === undefined) return stack.add('postgres', await startEmbeddedPostgres()).url;
  const client = new Client({ connectionString: server });
  await client.connect();
  const name = `tributary_bench_${randomUUID().replaceAll('-', '')}`;
  await client.query(`create database ${name}`);
  const close = async () => {
    await client.query(`drop database ${name} with (force)`);
    await client.end();
  };
  stack.add('database', { close });
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

async function median(run: () => Promise<unknown>, rounds = ROUNDS): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const began = performance.now();
    await run();
    times.push(performance.now() - began);
  }
  return times.sort((one, other) => one - other)[rounds >> 1] ?? 0;
}

const stack = new ClosingStack();
try {
  const registry = stack.add('registry', await openChecking(await databaseOf(stack)));
  const { query } = registry.database;
  await fillUsage(query, { operations, clients, from: '2026-11-19' });
  await registry.publish('shop', schemaOf('shared: Int'));
  const window = {
    ...{ graphId: GRAPH, variants: ['current'], from: '2026-11-19', to: '2026-11-25' },
    ...{ excludedClients: [], excludedOperationNames: [], ignoredOperations: [], countThreshold: 1, shareThreshold: 0 },
  };
  const usedByAll = { coordinates: ['Query.shared'], mostUsed: 100 };
  const usedByOne = { coordinates: ['Query.t7'], mostUsed: 0 };
  const wholeCheck = (shared: string) => median(() => registry.check('shop', schemaOf(shared)), WHOLE_ROUNDS);
  const rows = [
    { what: 'usage, a field that all use', ms: await median(() => readUsageWindow(query, window, usedByAll)) },
    { what: 'usage, a field that one uses', ms: await median(() => readUsageWindow(query, window, usedByOne)) },
    { what: 'a whole check, nothing changed', ms: await wholeCheck('shared: Int') },
    { what: 'a whole check, a field removed', ms: await wholeCheck('') },
  ];
  console.log(`${operations} operations of ${clients} clients in ${DAYS} days: ${operations * clients * DAYS} rows\n`);
  console.log(table(rows.map(({ what, ms }) => ({ what, 'median ms': brief(ms) }))));
} finally {
  await stack.close();
}
