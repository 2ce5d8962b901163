import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../support/free-port.ts';
import type { Graph } from './graph.ts';
import { type Launch, ROOT } from './process.ts';

/** Something that is measured: a gateway in a process of its own. Its name says what it shares across requests. */
export interface Gateway {
  readonly name: string;
  /** What it is started from, when that comes from `test/bench/package.json`. */
  readonly file?: string;
  /** It cannot serve these workloads. */
  readonly cannot?: readonly string[];
  launch(graph: Graph): Launch | Promise<Launch>;
}

const PEERS = join(ROOT, 'test/bench/node_modules');

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

export interface OursOptions {
  /** Where the revision is that is started. */
  readonly directory?: string;
  /** Flags for `node`, such as those of a profile. */
  readonly nodeFlags?: readonly string[];
  /** Options by their names in the environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** It tells what it holds in memory. */
  readonly isTelling?: boolean;
}

/** What is shared across requests: calls, work, requests. */
export type Sharing = readonly [calls: boolean, work: boolean, requests: boolean];

/** Ours by name, and what each shares. */
export const MODES: ReadonlyMap<string, Sharing> = new Map([
  ['tributary nd', [false, false, false]],
  ['tributary', [true, true, false]],
  ['tributary requests', [true, true, true]],
]);

/** Ours in one of its modes, started by the command of `npm run gateway`. */
export function ours(
  name: string,
  [calls, work, requests]: Sharing,
  { directory = ROOT, nodeFlags = [], environment = {}, isTelling = false }: OursOptions = {},
): Gateway {
  const flags = isTelling ? [...nodeFlags, '--import', new URL('inside.ts', import.meta.url).href] : nodeFlags;
  return {
    name,
    launch: ({ supergraphFile }) => {
      const { scripts } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as {
        scripts: { gateway: string };
      };
      const [node = 'node', ...args] = scripts.gateway.split(' ');
      return {
        command: [node, ...flags, ...args, '--supergraph', supergraphFile, '--listen', '127.0.0.1:0'],
        directory,
        environment: {
          GATEWAY_ADMIN_PORT: '0',
          GATEWAY_SUPERGRAPH_POLL_INTERVAL_MS: '0',
          GATEWAY_SHARING_CALLS: String(calls),
          GATEWAY_SHARING_WORK: String(work),
          GATEWAY_SHARING_REQUESTS: String(requests),
          ...environment,
        },
        address: /"url":"([^"]+)","admin":"([^"]+)"/,
        isTelling,
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

const hive = (name: string, flags: readonly string[], shared: string): Gateway => ({
  name,
  file: HIVE,
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
      environment: { NODE_ENV: 'production', BENCH_SHARED: shared },
      address: /listening on (http:\/\/[\w.:]+)/i,
      path: '/graphql',
    };
  },
});

const mercurius: Gateway = {
  name: 'mercurius jit nd',
  file: join(PEERS, 'mercurius/package.json'),
  cannot: ['large'],
  launch: ({ servicesFile }) => ({
    command: ['node', 'test/bench/targets/mercurius.ts', servicesFile],
    environment: { NODE_ENV: 'production' },
    address: /listening (\S+)/,
  }),
};

/** Every gateway that can be measured, by name. nd: nothing is shared across requests. */
export const GATEWAYS: ReadonlyMap<string, Gateway> = new Map(
  [
    stock,
    ...[...MODES].map(([name, sharing]) => ours(name, sharing)),
    grafbase('grafbase nd', false),
    grafbase('grafbase', true),
    hive('hive js', [], 'fetches'),
    hive('hive js jit', ['--jit'], 'fetches'),
    hive('hive rust-planner nd', ['--hive-router-runtime'], ''),
    hive('hive rust-planner', ['--hive-router-runtime'], 'fetches'),
    hive('hive rust-planner requests', ['--hive-router-runtime'], 'fetches,requests'),
    mercurius,
  ].map((gateway) => [gateway.name, gateway]),
);
