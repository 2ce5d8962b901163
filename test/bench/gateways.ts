import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../support/free-port.ts';
import { cacheEnvironment, forgetEntries, type KeptIn } from './cache-keeping.ts';
import type { Graph } from './graph.ts';
import { type Guarding, guardEnvironment } from './guarding.ts';
import { issuerOfRun } from './issuer.ts';
import { type Launch, ROOT } from './process.ts';
import type { Language } from './wrk.ts';

/** Something that is measured: a gateway in a process of its own. Its name says what it shares across requests. */
export interface Gateway {
  readonly name: string;
  /** What it is started from, when that comes from `test/bench/package.json`. */
  readonly file?: string;
  /** It cannot serve these workloads. */
  readonly cannot?: readonly string[];
  /** It keeps answers: measured where that is what is measured, and nowhere else. */
  readonly isKeeping?: boolean;
  /** Its clients bring these: measured where the guard is what is measured, and nowhere else. */
  tokens?(): Promise<readonly string[]>;
  /** After each round: removes what it left outside its process. */
  tidy?(): Promise<void>;
  launch(graph: Graph): Launch | Promise<Launch>;
}

const PEERS = join(ROOT, 'test/bench/node_modules');
/** Not that of the examples. */
const CONFIG = join(ROOT, 'test/bench/targets/gateway.yaml');

/** Whether it is there to be started: peers are after `npm ci --prefix test/bench`, on the platforms that they know. */
export const isInstalled = ({ file }: Gateway) => file === undefined || existsSync(file);

/** Does `work` with a gateway. A peer that fails is told of and left out; ours and stock must not fail. */
export async function forgiving({ name, file }: Gateway, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (file === undefined) throw error;
    console.error(`${name} is left out here: ${(error as Error).message}`);
  }
}

/** What can be loaded beside a gateway: it tells what it holds in memory, or what its guard has done. */
export type Telling = 'inside.ts' | 'inside-guard.ts';

export interface OursOptions {
  /** Where the revision is that is started. */
  readonly directory?: string;
  /** Flags for `node`, such as those of a profile. */
  readonly nodeFlags?: readonly string[];
  /** Options by their names in the environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** It runs with this file, and tells what it knows. */
  readonly telling?: Telling;
}

/** What is shared across requests: calls, work, requests. */
export type Sharing = readonly [calls: boolean, work: boolean, requests: boolean];

/** What ours shares across requests, and where it keeps answers. */
export interface Mode {
  readonly shares: Sharing;
  readonly keptIn: KeptIn;
  /** Undefined: as it comes, with clients who bring nothing. */
  readonly guarding?: Guarding;
}

const NOTHING: Sharing = [false, false, false];
const CALLS_AND_WORK: Sharing = [true, true, false];

/**
 * Ours by name. Without a word on the cache it is off: an engine that answers from memory is not what is measured. What the cache costs
 * when everything misses is measured with nothing shared, so that nothing hides it.
 */
export const MODES: ReadonlyMap<string, Mode> = new Map([
  ['tributary nd', { shares: NOTHING, keptIn: 'nothing' }],
  ['tributary', { shares: CALLS_AND_WORK, keptIn: 'nothing' }],
  ['tributary requests', { shares: [true, true, true], keptIn: 'nothing' }],
  ['tributary l1', { shares: CALLS_AND_WORK, keptIn: 'l1' }],
  ['tributary redis', { shares: CALLS_AND_WORK, keptIn: 'redis' }],
  ['tributary nd l1', { shares: NOTHING, keptIn: 'l1' }],
  ['tributary nd redis', { shares: NOTHING, keptIn: 'redis' }],
  ['tributary nd unguarded', { shares: NOTHING, keptIn: 'nothing', guarding: 'off' }],
  ['tributary nd guarded', { shares: NOTHING, keptIn: 'nothing', guarding: 'slices' }],
  ['tributary nd guarded calls', { shares: NOTHING, keptIn: 'nothing', guarding: 'calls' }],
]);

/** What a mode is measured with. With a cache: what comes from it or, with nothing shared, what misses it always. */
export const languageOf = ({ shares, keptIn }: Mode): Language =>
  keptIn === 'nothing' ? 'none' : shares.includes(true) ? 'one' : 'each';

/** Ours in one of its modes, started by the command of `npm run gateway`. */
export function ours(
  name: string,
  { shares: [calls, work, requests], keptIn, guarding }: Mode,
  { directory = ROOT, nodeFlags = [], environment = {}, telling }: OursOptions = {},
): Gateway {
  const flags = telling ? [...nodeFlags, '--import', new URL(telling, import.meta.url).href] : nodeFlags;
  return {
    name,
    isKeeping: keptIn !== 'nothing',
    ...(keptIn === 'redis' && { tidy: () => forgetEntries(name) }),
    ...(guarding && { tokens: async () => (await issuerOfRun()).tokens }),
    launch: async ({ supergraphFile, guardedFile }) => {
      const file = guarding === undefined || guarding === 'off' ? supergraphFile : guardedFile;
      const { scripts } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as {
        scripts: { gateway: string };
      };
      // It is for a shell, which it takes the place of.
      const [node = 'node', ...args] = scripts.gateway.replace(/^exec /, '').split(' ');
      return {
        command: [node, ...flags, ...args, '--config', CONFIG, '--supergraph', file, '--listen', '127.0.0.1:0'],
        directory,
        environment: {
          GATEWAY_ADMIN_PORT: '0',
          GATEWAY_SUPERGRAPH_POLL_INTERVAL_MS: '0',
          // What telemetry costs is measured by itself (told.ts).
          GATEWAY_TELEMETRY_REQUEST_LOG_IS_ENABLED: 'false',
          GATEWAY_TELEMETRY_METRICS_IS_ENABLED: 'false',
          GATEWAY_SHARING_CALLS: String(calls),
          GATEWAY_SHARING_WORK: String(work),
          GATEWAY_SHARING_REQUESTS: String(requests),
          ...cacheEnvironment(name, keptIn),
          ...(guarding && (await guardEnvironment(name, guarding))),
          ...environment,
        },
        address: /"url":"([^"]+)","admin":"([^"]+)"/,
        isTelling: telling !== undefined,
      };
    },
  };
}

const stock: Gateway = {
  name: 'stock',
  launch: ({ supergraphFile }) => ({
    command: ['node', 'test/bench/targets/stock.ts', supergraphFile],
    environment: { APOLLO_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' },
    address: /listening (\S+)/,
  }),
};

/** With Apollo Server's own cache of whole responses, in memory. */
const stockCached: Gateway = {
  name: 'stock cached',
  file: join(PEERS, '@apollo/server-plugin-response-cache/package.json'),
  isKeeping: true,
  launch: ({ supergraphFile }) => ({
    command: ['node', 'test/bench/targets/stock.ts', supergraphFile, 'cached'],
    environment: { APOLLO_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' },
    address: /listening (\S+)/,
  }),
};

const GRAFBASE = join(PEERS, '@grafbase/cli-x86_64-unknown-linux-musl/grafbase');

const grafbase = (name: string, isSharing: boolean): Gateway => ({
  name,
  file: GRAFBASE,
  launch: async ({ grafbaseFile, grafbaseSharingFile, directory }) => ({
    command: [
      GRAFBASE,
      'dev',
      '--config',
      isSharing ? grafbaseSharingFile : grafbaseFile,
      '--listen-address',
      `127.0.0.1:${await freePort()}`,
    ],
    // It unpacks its pages into the home folder.
    environment: { HOME: directory },
    directory,
    address: /(http:\/\/127\.0\.0\.1:\d+\/graphql)/,
  }),
});

const HIVE = join(PEERS, '@graphql-hive/gateway/dist/bin.js');

const hive = (name: string, flags: readonly string[], shared: string, isKeeping = false): Gateway => ({
  name,
  file: HIVE,
  isKeeping,
  launch: async ({ supergraphFile }) => {
    const port = await freePort();
    return {
      command: [
        'node',
        HIVE,
        'supergraph',
        supergraphFile,
        '--config-path',
        join(ROOT, 'test/bench/targets/hive.config.ts'),
        '--host',
        '127.0.0.1',
        '--port',
        String(port),
        ...flags,
      ],
      environment: { NODE_ENV: 'production', BENCH_SHARED: shared, BENCH_KEEPING: String(isKeeping) },
      address: /listening on (http:\/\/[\w.:]+)/i,
      path: '/graphql',
    };
  },
});

const mercurius = (name: string, isKeeping: boolean): Gateway => ({
  name,
  file: join(PEERS, isKeeping ? 'mercurius-cache/package.json' : 'mercurius/package.json'),
  // With its cache, none of fifty clients has an answer to w1 within two seconds: every resolver has a key of JSON.
  cannot: isKeeping ? ['large', 'w1'] : ['large'],
  isKeeping,
  launch: ({ servicesFile }) => ({
    command: ['node', 'test/bench/targets/mercurius.ts', servicesFile, ...(isKeeping ? ['cached'] : [])],
    environment: { NODE_ENV: 'production' },
    address: /listening (\S+)/,
  }),
});

/** Every gateway that can be measured, by name. nd: nothing is shared across requests. */
export const GATEWAYS: ReadonlyMap<string, Gateway> = new Map(
  [
    stock,
    stockCached,
    ...[...MODES].map(([name, mode]) => ours(name, mode)),
    grafbase('grafbase nd', false),
    grafbase('grafbase', true),
    hive('hive js', [], 'fetches'),
    hive('hive js jit', ['--jit'], 'fetches'),
    hive('hive rust-planner nd', ['--hive-router-runtime'], ''),
    hive('hive rust-planner', ['--hive-router-runtime'], 'fetches'),
    hive('hive rust-planner requests', ['--hive-router-runtime'], 'fetches,requests'),
    hive('hive rust-planner cached', ['--hive-router-runtime'], 'fetches', true),
    mercurius('mercurius jit nd', false),
    mercurius('mercurius jit cached', true),
  ].map((gateway) => [gateway.name, gateway]),
);

/** Those that compute each answer: what is measured when nobody says which. */
export const COMPUTING: readonly string[] = [...GATEWAYS.values()].flatMap(({ name, isKeeping, tokens }) =>
  isKeeping === true || tokens !== undefined ? [] : [name],
);
