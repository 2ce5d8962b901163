import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startRedisServer } from '../support/redis-server.ts';
import { findWrong } from './adversarial.ts';
import { atExit } from './at-exit.ts';
import { ATTACKS } from './attacks.ts';
import { type Mode, ours } from './gateways.ts';
import { composeAt, type Graph } from './graph.ts';
import { BESIDE_ATTACKS } from './growth.ts';
import { issuerOfRun } from './issuer.ts';
import { LOAD_CORE, startPinned } from './process.ts';
import { createGraphs } from './reloads.ts';
import { inSession } from './session.ts';
import { MEMO_BYTES, type Soaked, soakFor } from './soak.ts';
import {
  attackInTurn,
  type Besides,
  changeGraph,
  createBesides,
  disturb,
  startReplica,
  writeAndRead,
} from './soak-beside.ts';
import { createStreams, DEADLINE, PERSISTED_ID, REST_PATH } from './soak-streams.ts';
import { table } from './tables.ts';
import { SMALL_QUERY } from './workloads/soak.ts';
import { AFTER, BEFORE, soakAll } from './workloads/soak-all.ts';
import { w1 } from './workloads/w1.ts';

/** The soak with everything on that a gateway has, in bad weather, beside those who mean harm. */

const NAME = 'tributary with all of it';
/** Everything is shared, kept in memory and in a Redis, and guarded. */
const MODE: Mode = { shares: [true, true, true], keptIn: 'l1', guarding: 'slices' };

/** Much less than what comes, so that most of it is forgotten. */
const L1_BYTES = 4_000_000;

interface Places {
  readonly redis: string;
  /** Where the services are that routes lead to. */
  readonly rest: string;
  /** Of the two replicas of a subgraph. */
  readonly ports: readonly string[];
}

/** The options by their names in the environment, beside those of the mode. */
function environmentOf({ redis, rest, ports }: Places, directory: string): Readonly<Record<string, string>> {
  return {
    GATEWAY_OPERATIONS_MEMO_BYTES: String(MEMO_BYTES),
    GATEWAY_TELEMETRY_REQUEST_LOG_IS_ENABLED: 'true',
    GATEWAY_TELEMETRY_METRICS_IS_ENABLED: 'true',
    REDIS_URL: redis,
    GATEWAY_CACHE_REDIS_URLS: redis,
    GATEWAY_CACHE_L1_MAX_BYTES: String(L1_BYTES),
    GATEWAY_CACHE_MUTATIONS: JSON.stringify({ setNote: {} }),
    GATEWAY_PERSISTED_SAFELIST_MANIFEST: join(directory, 'manifest.json'),
    GATEWAY_PERSISTED_SAFELIST_MODE: 'log-unknown',
    GATEWAY_REST_OPERATIONS: join(directory, 'operations'),
    GATEWAY_ROUTES: JSON.stringify({
      files: { path: '/files', upstream: 'files' },
      taken: { path: '/files/taken', methods: ['POST'], upstream: 'files', requires: { authenticated: true } },
    }),
    GATEWAY_UPSTREAM_FILES_URLS: `http://127.0.0.1:${rest}`,
    GATEWAY_UPSTREAM_ORDERS_URLS: ports.map((port) => `http://127.0.0.1:${port}/orders`).join(),
    // Who stands still is not waited for as long as others are.
    GATEWAY_UPSTREAM_ORDERS_RETRY_TRY_TIMEOUT_MS: '500',
    GATEWAY_UPSTREAM_DEFAULTS_HEALTH_IS_ENABLED: 'true',
    GATEWAY_UPSTREAM_DEFAULTS_HEALTH_INTERVAL_MS: '1000',
  };
}

function writeFiles(directory: string): void {
  mkdirSync(join(directory, 'operations'), { recursive: true });
  writeFileSync(
    join(directory, 'operations/customer.graphql'),
    `query Mine @rest(method: GET, path: "${REST_PATH}", result: "customer") ${SMALL_QUERY}`,
  );
  const operation = { id: PERSISTED_ID, name: 'Known', type: 'query', body: `query Known ${SMALL_QUERY}` };
  const manifest = { format: 'apollo-persisted-query-manifest', version: 1, operations: [operation] };
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify(manifest));
}

/** Soaks for so many seconds of traffic. Returns tables, and what grew, failed, or was said that must not be. */
export async function runSoakAll(seconds: number, tell: (what: string) => void): Promise<Soaked> {
  const besides = createBesides();
  const soaked: Soaked[] = [];
  const redis = await startRedisServer();
  const kill = atExit(() => process.kill(redis.processId, 'SIGKILL'));
  const rest = await startPinned(LOAD_CORE, {
    command: ['node', 'test/bench/rest-service.ts'],
    address: /listening (\d+)/,
  });
  try {
    await inSession(soakAll, async ({ directory, graph, port, start, tell: set, check }) => {
      const replica = await startReplica(soakAll.name);
      writeFiles(directory);
      const environment = environmentOf({ redis: redis.url, rest: rest.url, ports: [port, replica.port] }, directory);
      const { process, tokens = [] } = await start(ours(NAME, MODE, { telling: 'inside.ts', environment }));
      const { wider } = await issuerOfRun();
      const graphs = await createGraphs(process, NAME, { ...changing(graph, port), token: wider[0] });
      await set('vary/on');
      await set('keep/on');
      const w2 = await check(process.url, NAME, tokens[0]);
      const streams = createStreams({ w1: graphs.answers, w2: [w2], people: tokens, wider });
      await register(process.url, tokens[0]);
      soaked.push(
        await soakFor(
          seconds,
          process,
          {
            streams,
            judging: BESIDE_ATTACKS,
            beside: async (_, sliceSeconds) => {
              const until = performance.now() + sliceSeconds * 1_000;
              await Promise.all([
                attackInTurn(process.url, sliceSeconds, until, besides),
                changeGraph(graphs, until, besides),
                disturb(replica, sliceSeconds, besides),
                writeAndRead(process.url, tokens[0], until, besides),
              ]);
            },
            take: (results) => {
              for (const { name, said } of results) besides.take(name, said);
            },
          },
          tell,
        ),
      );
      await replica.close();
    });
  } finally {
    await rest.close();
    kill();
    await redis.close();
  }
  return {
    text: [...soaked.map(({ text }) => text), saidTable(besides)].join('\n\n'),
    wrong: [
      ...soaked.flatMap(({ wrong }) => wrong),
      ...besides.wrong,
      ...findWrong(besides.said, [...ATTACKS, DEADLINE]),
    ],
  };
}

const changing = ({ guardedFile: file }: Graph, port: string) => ({
  file,
  sdls: [composeAt(BEFORE, port), composeAt(AFTER, port)] as const,
  query: w1.query,
});

/** Sends a text with its hash, so that the hash alone is enough from then on. */
async function register(url: string, token: string | undefined): Promise<void> {
  const sha256Hash = createHash('sha256').update(SMALL_QUERY).digest('hex');
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: SMALL_QUERY, extensions: { persistedQuery: { version: 1, sha256Hash } } }),
  });
  if (!response.ok) throw new Error(`a hash was not taken: ${await response.text()}`);
}

const saidTable = ({ said, counts }: Besides) =>
  [
    table([Object.fromEntries(counts)]),
    table(
      [...said].map(([name, all]) => ({
        'what meant harm, would not wait, or failed': name,
        'what was said': [...all].map(([what, count]) => `${count} × ${what}`).join(', '),
      })),
    ),
  ].join('\n\n');
