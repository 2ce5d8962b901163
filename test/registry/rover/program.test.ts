import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ADMIN_KEY, type RoverRegistry, startRoverRegistry } from '../support/rover-registry.ts';
import { USERS } from '../support/shop.ts';

interface Sent {
  readonly url: string;
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Hands on what rover sends, and remembers it. */
async function startRecorder(target: string, sent: Sent[]): Promise<Server> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', async () => {
      const { url = '', method = '', headers } = request;
      const body = Buffer.concat(chunks).toString();
      sent.push({ url, method, headers, body });
      const { 'x-api-key': key = '', authorization = '' } = headers;
      const answer = await fetch(target, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-api-key': String(key), authorization },
        body,
      });
      // The content type is not looked at, and neither are fields that were not asked for.
      response
        .writeHead(200, { 'content-type': 'text/plain' })
        .end(JSON.stringify({ more: 1, ...((await answer.json()) as object) }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

describe('rover as a program', () => {
  let registry: RoverRegistry;
  let recorder: Server;
  let address: string;
  const sent: Sent[] = [];
  beforeAll(async () => {
    registry = await startRoverRegistry();
    await registry.publish('shop@current', 'users', USERS);
    recorder = await startRecorder(registry.url, sent);
    address = `http://127.0.0.1:${(recorder.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    recorder.closeAllConnections();
    await new Promise((resolve) => recorder.close(resolve));
    await registry.close();
  });
  beforeEach(() => {
    sent.length = 0;
  });

  const recorded = (args: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
    registry.rover.run(args, { environment: { APOLLO_REGISTRY_URL: address, ...environment } });
  const LIST = ['subgraph', 'list', 'shop@current'];

  it('sends one POST for each operation to the URL as it is given, with the key and what it is', async () => {
    await recorded(LIST, { APOLLO_REGISTRY_URL: `${address}/any/path?x=1` });
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({
      method: 'POST',
      url: '/any/path?x=1',
      headers: {
        'content-type': 'application/json',
        'x-api-key': ADMIN_KEY,
        'apollographql-client-name': 'rover-client',
        'apollographql-client-version': '0.41.0',
      },
    });
    expect(Object.keys(JSON.parse(sent[0]?.body ?? '{}'))).toEqual(['variables', 'query', 'operationName']);
    expect(sent[0]?.headers).not.toHaveProperty('apollo-sudo');
  });

  it('adds a header that asks for more rights, which give none here', async () => {
    await recorded(LIST, { APOLLO_FIRE_FLOWER: '1' });
    expect(sent[0]?.headers).toHaveProperty('apollo-sudo', 'true');
    const { exitCode } = await recorded(LIST, { APOLLO_FIRE_FLOWER: '1', APOLLO_KEY: 'nobody' });
    expect(exitCode).toBe(1);
  });

  it('takes the key of the environment before that of a profile', async () => {
    await recorded([...LIST, '--profile', 'none-such']);
    expect(sent[0]?.headers).toHaveProperty('x-api-key', ADMIN_KEY);
  });

  it('exits with 2 for a graph ref that cannot be one, and sends nothing', async () => {
    for (const ref of ['1shop@current', `${'x'.repeat(65)}@current`, `shop@${'x'.repeat(64)}`]) {
      expect((await recorded(['subgraph', 'list', ref])).exitCode).toBe(2);
    }
    expect((await recorded(['subgraph', 'list'])).exitCode).toBe(2);
    expect(sent).toEqual([]);
  });

  it('means the variant "current" when none is named, and takes other letters in its name', async () => {
    expect((await recorded(['subgraph', 'list', 'shop'])).exitCode).toBe(0);
    await registry.publish('shop@feature/a:b$', 'users', USERS);
    expect((await recorded(['subgraph', 'list', 'shop@feature/a:b$'])).exitCode).toBe(0);
  });

  it('asks for what publishing needs, in this order', async () => {
    const file = registry.rover.write('users.graphql', USERS);
    const names = () => sent.map(({ body }) => (JSON.parse(body) as { operationName: string }).operationName);
    await recorded(['subgraph', 'publish', 'shop@current', '--name', 'users', '--schema', file]);
    expect(names()).toEqual([
      'SubgraphRoutingUrlQuery',
      'VariantListQuery',
      'IsFederatedGraph',
      'SubgraphPublishMutation',
    ]);
    sent.length = 0;
    await recorded(['subgraph', 'publish', 'shop@fresh', '--name', 'users', '--schema', file, '--no-url']);
    expect(names()).toEqual(['VariantListQuery', 'SubgraphPublishMutation']);
    sent.length = 0;
    await recorded(['subgraph', 'check', 'shop@current', '--name', 'users', '--schema', file]);
    expect(names()).toEqual([
      'IsFederatedGraph',
      'SubgraphCheckMutation',
      'SubgraphCheckWorkflowStatusQuery',
      'SubgraphCheckWorkflowQuery',
    ]);
  });

  it('writes one line of JSON with --format json, and to a file with --output', async () => {
    const { stdout } = await recorded([...LIST, '--format', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({
      json_version: '1',
      data: { success: true, subgraphs: [{ name: 'users' }] },
      error: null,
    });
    await recorded([...LIST, '--output', 'list.txt']);
    expect(readFileSync(join(registry.rover.folder, 'list.txt'), 'utf8')).toContain('users');
  });

  it('shows where in itself an error came from when RUST_BACKTRACE is set, and not otherwise', async () => {
    const unknown = ['subgraph', 'list', 'shop@nope'];
    expect((await recorded(unknown, { RUST_BACKTRACE: '1' })).stderr).toContain('Stack backtrace');
    expect((await recorded(unknown)).stderr).not.toContain('Stack backtrace');
  });

  it('tells its vendor nothing and looks for no newer version when it is told so', async () => {
    // Anything that it sent elsewhere would go by this proxy.
    const proxy = { HTTPS_PROXY: address, HTTP_PROXY: address, NO_PROXY: '127.0.0.1' };
    expect((await recorded(LIST, proxy)).exitCode).toBe(0);
    expect(sent).toHaveLength(1);
  });

  it('gives up after --client-timeout when the registry is away', async () => {
    const away = { APOLLO_REGISTRY_URL: 'http://127.0.0.1:1' };
    const old = await recorded([...LIST, '--client-timeout', '1'], away);
    expect(old).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('error[E028]') });
    const fetching = ['subgraph', 'fetch', 'shop@current', '--name', 'users', '--client-timeout', '1'];
    expect(await recorded(fetching, away)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('error[E012]'),
    });
  });

  it('explains its errors without a registry', async () => {
    const { exitCode, stdout } = await recorded(['explain', 'E029']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('E029');
    expect(sent).toEqual([]);
  });
});
