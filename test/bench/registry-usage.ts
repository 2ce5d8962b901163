import { hash, randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { insertGraph } from '../../registry/storage/graphs.ts';
import { readUsageWindow } from '../../registry/storage/usage-window.ts';
import { countReport } from '../../registry/usage/count-report.ts';
import { createKnownClients } from '../../registry/usage/known-clients.ts';
import { pruneUsage } from '../../registry/usage/prune-usage.ts';
import type { UsageReport } from '../../registry/usage/usage-report.ts';
import { openDatabase } from '../../service/database.ts';
import { startEmbeddedPostgres } from '../../service/embedded-postgres.ts';
import { createLog } from '../../service/logs.ts';

/**
 * How much a week of usage takes in the database, and how long what a check asks of it: 1,000 operations per second, 500 distinct ones,
 * 12 clients with versions: `node test/bench/registry-usage.ts [REPORTS A DAY] [DATABASE_URL]`. A gateway sends 8,640 reports a day; what
 * one adds to counts that are there takes no more room for ever, which the last line shows.
 */

const REPORTS = Number(process.argv[2] ?? 200);
const OPERATIONS = 500;
const CLIENTS = 12;
const RUNS_IN_A_REPORT = 10_000;
const DAY_MS = 86_400_000;
const END = Date.parse('2026-11-25T12:00:00Z');

const embedded = process.argv[3] === undefined ? await startEmbeddedPostgres() : undefined;
const log = createLog('bench', 'warn');
const migrations = fileURLToPath(new URL('../../registry/storage/migrations', import.meta.url));
const database = await openDatabase({
  url: process.argv[3] ?? embedded?.url ?? '',
  service: 'registry',
  migrations,
  log,
});
const known = createKnownClients({ database, maxClients: 1_000 });
await insertGraph(database.query, { id: 'shop', title: 'shop', createdAt: new Date() });

const operations = Array.from({ length: OPERATIONS }, (_, index) => {
  const fields = Array.from({ length: 20 }, (__, field) => `field${(index * 7 + field) % 300}`);
  const body = `query Operation${index}($id: ID!) {\n  root${index % 50}(id: $id) {\n    ${fields.join('\n    ')}\n  }\n}`;
  const coordinates = [`Query.root${index % 50}`, ...fields.map((name) => `Type${index % 50}.${name}`)];
  return { hash: hash('sha256', body), name: `Operation${index}`, body, coordinates };
});
const clients = Array.from({ length: CLIENTS }, (_, index) => ({
  name: `client ${index % 4}`,
  version: `1.${index}.0`,
}));

/** Some operations are run much more than others, by some clients much more than by others. */
const skewed = (most: number) => Math.floor(most * Math.random() ** 2);

function toReport(day: string, isFirst: boolean): UsageReport {
  const counts = new Map<string, UsageReport['counts'][number]>();
  for (let run = 0; run < RUNS_IN_A_REPORT; run++) {
    const [operation, client] = [operations[skewed(OPERATIONS)], clients[skewed(CLIENTS)]];
    if (operation === undefined || client === undefined) continue;
    const key = `${operation.hash} ${client.version}`;
    const count = (counts.get(key)?.count ?? 0) + 1;
    counts.set(key, { hash: operation.hash, day, client, count });
  }
  return {
    ...{ id: randomUUID(), graph: 'shop', variant: 'current', gateway: { instance: randomUUID(), supergraph: '1:a' } },
    operations: isFirst ? operations : [],
    counts: [...counts.values()],
  };
}

async function sizeMb(): Promise<number> {
  const { rows } = await database.query.execute(
    "select sum(pg_total_relation_size(c.oid)) as bytes from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'registry' and c.relkind = 'r'",
  );
  return Number((rows[0] as { bytes: string }).bytes) / 1e6;
}

async function send(day: number, isFirst: boolean): Promise<number> {
  const time = new Date(END - day * DAY_MS);
  const report = toReport(time.toISOString().slice(0, 10), isFirst);
  const began = performance.now();
  await countReport({ database, clients: known, maxOperations: 20_000, retentionDays: 90, now: () => time }, report);
  return performance.now() - began;
}

const before = await sizeMb();
let tookMs = 0;
for (let day = 6; day >= 0; day--)
  for (let report = 0; report < REPORTS; report++) tookMs += await send(day, day === 6 && report === 0);
console.log(
  `${7 * REPORTS} reports: ${(tookMs / 7 / REPORTS).toFixed(1)} ms each; the database has grown by ${((await sizeMb()) - before).toFixed(1)} MB`,
);

const began = performance.now();
const window = { graphId: 'shop', variants: ['current'], from: '2026-11-18', to: '2026-11-25' };
const nobody = {
  excludedClients: [],
  excludedOperationNames: [],
  ignoredOperations: [],
  countThreshold: 0,
  shareThreshold: 0,
};
const wanted = { coordinates: ['Type7.field7', 'Query.root3'], mostUsed: 100 };
const used = await readUsageWindow(database.query, { ...window, ...nobody }, wanted);
console.log(
  `what a check asks: ${used.operations} operations, ${used.requests} runs, in ${(performance.now() - began).toFixed(0)} ms`,
);

for (let round = 1; round <= 3; round++) {
  for (let report = 0; report < REPORTS; report++) await send(0, false);
  await pruneUsage({ database, retentionDays: 90, now: () => new Date(END) });
  console.log(`${REPORTS * round} further reports of the last day: ${((await sizeMb()) - before).toFixed(1)} MB`);
}
await database.close();
await embedded?.close();
process.exit(0);
