import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { publishArguments } from '../rover.ts';
import { ClosingStack } from '../service/run.ts';
import { type PrintedBlocks, readBlocks, runBlocks } from './support/page-blocks.ts';
import { startProcess } from './support/process.ts';
import { createRover } from './support/rover.ts';
import { describeOnPostgresServer } from './support/servers.ts';

/**
 * The shell blocks of docs/registry.md, as they stand there, in one shell and in a folder like that of the project: on a real registry,
 * with the real rover. Only the registry's address is another, and that of a webhook.
 */

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const HOOK = 'https://chat.example.com/hooks/graph';

/** Pieces of what each block prints. */
const PRINTED: readonly (readonly (string | RegExp)[])[] = [
  ['orders', 'http://localhost:4102/graphql'],
  ['There were no changes detected in the composed schema.', 'Linter Check [PASSED]'],
  ['Publishing SDL to tributary@current (subgraph: orders)'],
  ['{"status":"ok"}', '"status":"ready"'],
  [],
  [/"secret":"tributary:tributary:[\w-]+"/, '"name":"orders team"', '"verbs":["read","report"]'],
  ['tributary'],
  [/"revokedAt":"20/, '"action":"key.revoke"'],
  ['"kind":"publish"', '"rollBack":{"number":4,"origin":null}'],
  ['"failedPublishIsError":true,"usageWindowDays":14'],
  ['"addOverride":{"actor":"administrator (', '"overrides":[{"code":"FIELD_REMOVED"', '"removeOverride":true'],
  [/"createWebhook":\{"id":"[^"]+","secret":"whsec_/],
  ['"deliveries":[]'],
  ['"name":"clients","variants":["current"],"revision":0'],
  ['tributary@public'],
  [],
  [],
];

/** An address that webhooks are sent to. */
async function listenForWebhooks(stack: ClosingStack) {
  const { promise: first, resolve } = Promise.withResolvers<{ headers: IncomingHttpHeaders; body: string }>();
  const server = createServer(async (request, response) => {
    const body = await text(request);
    response.writeHead(204).end();
    resolve({ headers: request.headers, body });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  stack.add('hook', { close: () => new Promise<void>((closed) => server.close(() => closed())) });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/graph`, first };
}

describeOnPostgresServer('the shell blocks of docs/registry.md', (create) => {
  const stack = new ClosingStack();
  let environment: Record<string, string>;
  let folder: string;
  let url: string;
  let key: string;
  let hook: Awaited<ReturnType<typeof listenForWebhooks>>;
  let ran: PrintedBlocks;

  async function startRegistry(databaseUrl = ''): Promise<string> {
    const registry = startProcess('registry/main.ts', {
      environment: { DATABASE_URL: databaseUrl, REGISTRY_HTTP_PORT: '0', TRIBUTARY_DATA_DIR: join(folder, '.data') },
    });
    stack.add('registry', registry);
    return (JSON.parse(await registry.output.find(/the registry is serving/)) as { url: string }).url;
  }
  const servedBy = async (registry: string, secret: string) => {
    const response = await fetch(`${registry}/supergraph/tributary/current`, { headers: { 'x-api-key': secret } });
    return { status: response.status, etag: response.headers.get('etag') };
  };
  /** The secrets that were printed, in their order. */
  const secrets = () => [...ran.printed.join('').matchAll(/"secret":"([^"]+)"/g)].map(([, secret = '']) => secret);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tributary-docs-'));
    stack.add('folder', { close: async () => rmSync(folder, { recursive: true }) });
    for (const name of ['subgraphs', 'supergraph.yaml', 'node_modules', 'package.json'])
      symlinkSync(join(ROOT, name), join(folder, name));
    const [database, another] = [await create(), await create()];
    stack.add('database', database);
    stack.add('another database', another);
    hook = await listenForWebhooks(stack);
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
  beforeAll(async () => {
    const blocks = readBlocks('registry.md', 'sh').map((block) =>
      block.replaceAll('http://127.0.0.1:4200', url).replaceAll(HOOK, hook.url),
    );
    ran = await runBlocks(blocks, { folder, environment });
  }, 120_000);
  afterAll(() => stack.close());

  it('do what is said there', () => {
    const { exitCode, printed } = ran;
    // What the last block printed says what went wrong.
    expect({ exitCode, last: exitCode === 0 ? '' : printed.at(-1) }).toEqual({ exitCode: 0, last: '' });
    expect(printed.filter((output) => output.includes('"errors":'))).toEqual([]);
    expect(printed).toHaveLength(PRINTED.length);
    for (const [index, pieces] of PRINTED.entries()) for (const piece of pieces) expect(printed[index]).toMatch(piece);
  });

  it('make keys for what is said there: that of the gateways only reads and reports, that of the team is revoked', async () => {
    const [team = '', gateways = ''] = secrets();
    expect(await servedBy(url, gateways)).toEqual(await servedBy(url, key));
    const rover = stack.add('rover', createRover(`${url}/graphql`, gateways));
    const schema = join(ROOT, 'subgraphs/orders/schema.graphql');
    const publishing = publishArguments('tributary@current', { name: 'orders', url: 'http://orders' });
    const refused = [...publishing.slice(0, -1), schema];
    expect(await rover.run(refused)).toMatchObject({
      ...{ exitCode: 1, stderr: expect.stringContaining('The API key "gateways (') },
    });
    expect(await rover.as(team).run(refused)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('revoked'),
    });
  });

  it('make a webhook whose messages the page’s code takes, and no other', async () => {
    const secret = secrets().at(-1);
    const [code = ''] = readBlocks('registry.md', 'js');
    const { isFromRegistry } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
    const { headers, body } = await hook.first;
    expect(JSON.parse(body)).toMatchObject({ type: 'version.published', data: { graph: 'tributary' } });
    const isTaken = (more: object, text = body) => isFromRegistry({ ...headers, ...more }, text, secret);
    expect(isTaken({})).toBe(true);
    expect(isTaken({}, `${body} `)).toBe(false);
    expect(isTaken({ 'webhook-id': 'another' })).toBe(false);
    expect(isTaken({ 'webhook-timestamp': String(Number(headers['webhook-timestamp']) - 600) })).toBe(false);
    const signature = String(headers['webhook-signature']);
    for (const wrong of [undefined, '', signature.replace(/.$/, 'é'), signature.replace(/^v1/, 'v2')])
      expect(isTaken({ 'webhook-signature': wrong })).toBe(false);
  });

  it('bring what was backed up into another database, with its keys', async () => {
    const restored = await startRegistry(environment.NEW_DATABASE_URL);
    const [, gateways = ''] = secrets();
    expect(await servedBy(restored, gateways)).toEqual(await servedBy(url, key));
    expect((await servedBy(restored, gateways)).status).toBe(200);
  });
});
