import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

/** The plan of the house, as assertions: which way imports point, who may import a vendor, how long a file may be. */

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SOURCES = globSync(['*.ts', '{service,composition,planning,gateway,registry,subgraphs,scripts}/**/*.{ts,tsx}'], {
  cwd: ROOT,
})
  .filter((file) => !file.includes('node_modules') && !file.endsWith('generated.ts'))
  .sort();
const TESTS = globSync('test/**/*.ts', { cwd: ROOT }).filter((file) => !file.includes('node_modules'));

/** Inside the gateway a file imports its own room and rooms of a strictly lower tier. */
const GATEWAY_TIERS: readonly (readonly string[])[] = [
  [
    'errors.ts',
    'config.ts',
    'asked-before.ts',
    'authentication-config.ts',
    'authorization-config.ts',
    'cache-config.ts',
    'cost-config.ts',
    'exposure-config.ts',
    'hash-text.ts',
    'header-name.ts',
    'http-config.ts',
    'limits-config.ts',
    'metric-table.ts',
    'persisted-config.ts',
    'plan-tree.ts',
    'rate-limit-config.ts',
    'request-record.ts',
    'rest-config.ts',
    'routes-config.ts',
    'supergraph-config.ts',
    'telemetry-config.ts',
    'upstream-config.ts',
    'usage-config.ts',
    'workers-config.ts',
  ],
  ['ended-requests.ts'],
  ['upstream', 'store', 'telemetry'],
  ['supergraph'],
  ['execution'],
  ['operation'],
  ['guard', 'cache', 'subscription', 'usage'],
  ['etag.ts', 'explain-request.ts', 'pipeline.ts', 'request.ts', 'run-operation.ts'],
  ['http', 'rest', 'admin', 'apollo'],
  [
    'check-config.ts',
    'engine.ts',
    'open-cache.ts',
    'open-limiter.ts',
    'open-proxy.ts',
    'open-rest.ts',
    'open-store.ts',
    'open-telemetry.ts',
  ],
  ['app.ts', 'apollo-gateway.ts', 'workers'],
  ['main.ts'],
];

/** The same inside the registry; see registry/README.md. */
const REGISTRY_TIERS: readonly (readonly string[])[] = [
  ['errors.ts', 'config.ts', 'check-config.ts', 'fault.ts', 'names.ts'],
  ['storage'],
  ['schema', 'access', 'live'],
  ['current'],
  ['publication'],
  ['check', 'webhook'],
  ['rover', 'uplink', 'usage', 'console', 'hear-others.ts'],
  ['app.ts'],
  ['main.ts'],
];

const TIERS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  gateway: GATEWAY_TIERS,
  registry: REGISTRY_TIERS,
};

/** What each top-level room may import besides itself. `start.ts` and `scripts/` see everything; nothing imports them. */
const TOP_LEVEL: Readonly<Record<string, readonly string[]>> = {
  service: [],
  composition: ['service'],
  planning: ['service'],
  gateway: ['service', 'composition', 'planning'],
  registry: ['service', 'composition', 'planning'],
  subgraphs: ['service'],
};

/** One vendor, one room. A package is fenced when its name starts with the key. */
const FENCES: Readonly<Record<string, readonly string[]>> = {
  '@apollo/composition': ['composition/'],
  '@apollo/query-planner': ['planning/'],
  '@apollo/gateway': ['gateway/supergraph/'],
  '@apollo/server': ['subgraphs/server.ts', 'registry/'],
  '@apollo/server-gateway-interface': ['gateway/apollo/', 'gateway/apollo-gateway.ts'],
  '@apollo/subgraph': ['subgraphs/server.ts'],
  '@electric-sql/': ['service/embedded-postgres-worker.ts'],
  'drizzle-orm': ['service/database.ts', 'service/outbox.ts', 'subgraphs/', 'registry/storage/'],
  esbuild: ['scripts/build-console.ts'],
  fastify: ['gateway/http/', 'gateway/rest/', 'gateway/admin/', 'registry/', 'subgraphs/', 'service/http-'],
  'graphql-ws': ['gateway/http/', 'gateway/subscription/'],
  ioredis: ['gateway/store/', 'service/events-redis.ts'],
  jose: ['service/tokens.ts', 'service/issuer-keys.ts', 'subgraphs/users/'],
  pg: ['service/database.ts', 'registry/storage/'],
  preact: ['registry/console/browser/'],
  'prom-client': ['service/metrics.ts'],
  undici: ['gateway/upstream/'],
  '@opentelemetry/': ['service/spans.ts'],
};

interface Import {
  readonly from: string;
  /** A path relative to the root, or a package. */
  readonly to: string;
  readonly isPackage: boolean;
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const specifiers = [...text.matchAll(/\b(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, specifier = '']) => specifier);
  return specifiers.map((specifier) =>
    specifier.startsWith('.')
      ? { from: file, to: relative(ROOT, resolve(ROOT, dirname(file), specifier)), isPackage: false }
      : { from: file, to: specifier, isPackage: true },
  );
}

const IMPORTS = SOURCES.flatMap(importsOf);
const show = ({ from, to }: Import) => `${from} imports ${to}`;
const roomOf = (file: string) => file.split('/')[1] ?? '';
const tierOf = (file: string) =>
  (TIERS[file.split('/')[0] ?? ''] ?? []).findIndex((tier) => tier.includes(roomOf(file)));
/** Files that stand beside the rooms are one room with the others of their tier: the pipeline and what goes through it. */
const isSameRoom = (a: string, b: string) =>
  roomOf(a) === roomOf(b) || (roomOf(a).endsWith('.ts') && roomOf(b).endsWith('.ts') && tierOf(a) === tierOf(b));

describe('the plan of the house', () => {
  it('finds the sources', () => {
    expect(SOURCES.length).toBeGreaterThan(10);
    expect(IMPORTS.length).toBeGreaterThan(20);
  });

  it('lets gateway, registry and subgraphs never import one another, and what they share know none of them', () => {
    const wrong = IMPORTS.filter(({ from, to, isPackage }) => {
      const [room = ''] = from.split('/');
      const [target = ''] = to.split('/');
      return !isPackage && room in TOP_LEVEL && target !== room && !TOP_LEVEL[room]?.includes(target);
    });
    expect(wrong.map(show)).toEqual([]);
  });

  it.each(Object.keys(TIERS))('lets imports inside the %s point only to a lower tier', (room) => {
    const inside = IMPORTS.filter(({ from, to }) => from.startsWith(`${room}/`) && to.startsWith(`${room}/`));
    const wrong = inside.filter(({ from, to }) => !isSameRoom(from, to) && tierOf(to) >= tierOf(from));
    expect(inside.length).toBeGreaterThan(10);
    expect(wrong.map(show)).toEqual([]);
  });

  it.each(Object.keys(TIERS))('gives every file of the %s a place in a tier', (room) => {
    const placeless = SOURCES.filter((file) => file.startsWith(`${room}/`) && tierOf(file) === -1);
    expect(placeless).toEqual([]);
  });

  it('lets one subgraph never import another', () => {
    const room = (file: string) => /^subgraphs\/([^/]+)\//.exec(file)?.[1];
    const wrong = IMPORTS.filter(
      ({ from, to }) => room(from) !== undefined && room(to) !== undefined && room(from) !== room(to),
    );
    expect(wrong.map(show)).toEqual([]);
  });

  it.each(Object.entries(FENCES))('keeps %s in its room', (vendor, rooms) => {
    const isVendor = (name: string) =>
      vendor.endsWith('/') ? name.startsWith(vendor) : name === vendor || name.startsWith(`${vendor}/`);
    const wrong = IMPORTS.filter(
      ({ from, to, isPackage }) => isPackage && isVendor(to) && !rooms.some((room) => from.startsWith(room)),
    );
    expect(wrong.map(show)).toEqual([]);
  });

  it('reads the environment only where a process starts', () => {
    const readers = SOURCES.filter((file) => readFileSync(join(ROOT, file), 'utf8').includes('process.env'));
    expect(readers.filter((file) => !/(^|\/)main\.ts$|^start\.ts$|^scripts\//.test(file))).toEqual([]);
  });

  it('keeps every file under 300 lines', () => {
    const long = [...SOURCES, ...TESTS].filter(
      (file) => readFileSync(join(ROOT, file), 'utf8').split('\n').length > 301,
    );
    expect(long).toEqual([]);
  });

  it('has no catch-all files', () => {
    const names = SOURCES.filter((file) => /(^|\/)(index|utils?|helpers?|types|constants|common|misc)\.ts$/.test(file));
    expect(names).toEqual([]);
  });

  it('imports only files that are there', () => {
    const missing = IMPORTS.filter(
      ({ to, isPackage }) => !isPackage && !to.endsWith('generated.ts') && !existsSync(join(ROOT, to)),
    );
    expect(missing.map(show)).toEqual([]);
  });
});
