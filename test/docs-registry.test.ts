import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { runToEnd } from '../rover.ts';
import { ClosingStack } from '../service/run.ts';
import { startProcess } from './support/process.ts';
import { describeOnPostgresServer } from './support/servers.ts';

/**
 * The shell blocks of docs/registry.md, as they stand there, in one shell and in a folder like that of the project: on a real registry,
 * with the real rover. Only the registry's address is another.
 */

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const BLOCKS = [...readFileSync(join(ROOT, 'docs/registry.md'), 'utf8').matchAll(/^```sh\n(.*?)^```$/gms)].map(
  ([, block = '']) => block,
);
const MARK = '--- the next block';

/** Pieces of what each block prints. */
const PRINTED: readonly (readonly (string | RegExp)[])[] = [
  ['orders', 'http://localhost:4102/graphql'],
  ['Check', 'Publishing SDL to tributary@current (subgraph: orders)'],
  ['{"status":"ok"}', '"status":"ready"'],
  [],
  [/"secret":"tributary:tributary:[\w-]+"/, '"name":"orders team"', '"verbs":["read","report"]'],
  [/"revokedAt":"20/, '"action":"key.revoke"'],
  ['"kind":"publish"', /"rollBack":\{"number":\d+,"origin":3\}/],
  ['"failedPublishIsError":true,"usageWindowDays":14', '"addOverride":{"actor":"administrator"'],
  ['tributary@public', /"createWebhook":\{"id":"[^"]+","secret":"whsec_/],
  [],
];

describeOnPostgresServer('the shell blocks of docs/registry.md', (create) => {
  const stack = new ClosingStack();
  let environment: Record<string, string>;
  let folder: string;
  let url: string;
  let key: string;

  async function startRegistry(databaseUrl: string): Promise<string> {
    const registry = startProcess('registry/main.ts', {
      environment: { DATABASE_URL: databaseUrl, REGISTRY_HTTP_PORT: '0', TRIBUTARY_DATA_DIR: join(folder, '.data') },
    });
    stack.add('registry', registry);
    return (JSON.parse(await registry.output.find(/the registry is serving/)) as { url: string }).url;
  }
  const servedBy = async (registry: string) => {
    const response = await fetch(`${registry}/supergraph/tributary/current`, { headers: { 'x-api-key': key } });
    return [response.status, response.headers.get('etag')];
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tributary-docs-'));
    stack.add('folder', { close: async () => rmSync(folder, { recursive: true }) });
    for (const name of ['subgraphs', 'supergraph.yaml', 'node_modules', 'package.json'])
      symlinkSync(join(ROOT, name), join(folder, name));
    const [database, another] = [await create(), await create()];
    stack.add('database', database);
    stack.add('another database', another);
    environment = {
      ...{ DATABASE_URL: database.url, NEW_DATABASE_URL: another.url, HOME: folder, NO_COLOR: '1' },
      ...{ PATH: `${dirname(process.execPath)}:${process.env.PATH}`, APOLLO_ROVER_SKIP_UPDATE: '1' },
    };
    url = await startRegistry(database.url);
    key = readFileSync(join(folder, '.data/registry-admin-key'), 'utf8').trim();
    const published = startProcess('scripts/publish.ts', {
      args: ['--all'],
      environment: { ...environment, APOLLO_REGISTRY_URL: `${url}/graphql`, APOLLO_KEY: key },
    });
    expect(await published.exitCode).toBe(0);
  });
  afterAll(() => stack.close());

  it('do what is said there', async () => {
    const script = ['set -euo pipefail', ...BLOCKS].join(`\necho '${MARK}'\n`).replaceAll('http://127.0.0.1:4200', url);
    const { exitCode, stdout } = await runToEnd('bash', ['-c', `exec 2>&1\n${script}`], {
      cwd: folder,
      env: environment,
    });
    // What the last block printed says what went wrong.
    expect({ exitCode, stdout: exitCode === 0 ? '' : stdout }).toEqual({ exitCode: 0, stdout: '' });
    const [, ...printed] = stdout.split(`${MARK}\n`);
    expect(printed.filter((text) => text.includes('"errors":'))).toEqual([]);
    expect(printed).toHaveLength(PRINTED.length);
    for (const [index, pieces] of PRINTED.entries()) for (const piece of pieces) expect(printed[index]).toMatch(piece);
    // What was backed up is there, with its keys.
    const restored = await startRegistry(environment.NEW_DATABASE_URL ?? '');
    expect(await servedBy(restored)).toEqual(await servedBy(url));
    expect((await servedBy(restored))[0]).toBe(200);
  });
});
