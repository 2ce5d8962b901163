import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { GraphQLSchema } from 'graphql';
import { createApolloGateway } from '../../gateway/apollo-gateway.ts';
import { createLog } from '../../service/logs.ts';
import { ClosingStack } from '../../service/run.ts';
import { startTestServer } from '../support/apollo-servers.ts';
import { startProcess } from '../support/process.ts';
import { startRawServer } from '../support/raw-server.ts';
import { composeOrThrow, postQuery } from '../support/test-gateway.ts';
import { until } from '../support/until.ts';

/** The life of a gateway inside Apollo Server: loading, schema updates, stopping. */

interface Seen {
  readonly apiSchema: GraphQLSchema;
  readonly coreSupergraphSdl?: string | undefined;
}

describe('an Apollo Server over our engine, while its supergraph changes', () => {
  let stack: ClosingStack;
  let file: string;
  let subgraphUrl: string;
  let connections = 0;
  const seen: Seen[] = [];
  const lines: string[] = [];

  beforeEach(async () => {
    stack = new ClosingStack();
    const folder = mkdtempSync(join(tmpdir(), 'tributary-apollo-'));
    stack.add('folder', { close: () => rmSync(folder, { recursive: true }) });
    file = join(folder, 'supergraph.graphql');
    const counted = new WeakSet<object>();
    const subgraph = await startRawServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { query } = JSON.parse(Buffer.concat(chunks).toString()) as { query: string };
        const data = Object.fromEntries([...query.matchAll(/\b([a-z])\b/g)].map(([, name = '']) => [name, 1]));
        response.setHeader('content-type', 'application/json').end(JSON.stringify({ data }));
      });
      if (!counted.has(request.socket)) {
        counted.add(request.socket);
        connections++;
        request.socket.once('close', () => connections--);
      }
    });
    stack.add('subgraph', subgraph);
    subgraphUrl = subgraph.url;
    seen.length = 0;
    lines.length = 0;
    connections = 0;
  });
  afterEach(() => stack.close());

  const write = (fields: string) =>
    writeFileSync(file, composeOrThrow([{ name: 'letters', url: subgraphUrl, sdl: `type Query { ${fields} }` }]));

  const recordSchemas = {
    serverWillStart: async () => ({ schemaDidLoadOrUpdate: (schema: Seen) => void seen.push(schema) }),
  };

  const start = (plugins: readonly object[] = []) => {
    const logger = createLog('gateway', 'debug', { write: (line) => void lines.push(line) });
    const gateway = createApolloGateway({ supergraph: { source: 'file', file, pollIntervalMs: 10 }, logger });
    return startTestServer(gateway, { plugins: [recordSchemas, ...plugins] });
  };

  it('tells plugins of each schema, and answers what is new', async () => {
    write('a: Int');
    const server = stack.add('server', await start());
    expect(seen).toHaveLength(1);
    expect(seen[0]?.coreSupergraphSdl).toContain('join__Graph');
    expect((await postQuery(server.url, '{ a }')).body).toEqual({ data: { a: 1 } });
    expect((await postQuery(server.url, '{ b }')).status).toBe(400);

    write('b: Int c: Int');
    await until(() => seen.length === 2);
    expect(Object.keys(seen[1]?.apiSchema.getQueryType()?.getFields() ?? {})).toEqual(['b', 'c']);
    expect((await postQuery(server.url, '{ b }')).body).toEqual({ data: { b: 1 } });
    expect((await postQuery(server.url, '{ a }')).status).toBe(400);
  });

  it('keeps the last good graph when a change is none, and takes the repair', async () => {
    write('a: Int');
    const server = stack.add('server', await start());
    writeFileSync(file, 'type Query { not: ASupergraph }');
    await until(() => lines.some((line) => line.includes('the last good one stays')));
    expect(seen).toHaveLength(1);
    expect((await postQuery(server.url, '{ a }')).body).toEqual({ data: { a: 1 } });
    write('a: Int b: Int');
    await until(() => seen.length === 2);
    expect((await postQuery(server.url, '{ b }')).body).toEqual({ data: { b: 1 } });
  });

  it('answers or refuses by the new graph what it has validated by the old one', async () => {
    write('a: Int b: Int');
    const waiting: (() => void)[] = [];
    const server = stack.add(
      'server',
      await start([
        {
          requestDidStart: async () => ({
            didResolveOperation: () => new Promise<void>((resolve) => waiting.push(resolve)),
          }),
        },
      ]),
    );
    const kept = postQuery(server.url, '{ b }');
    const gone = postQuery(server.url, '{ a }');
    await until(() => waiting.length === 2);
    write('b: Int');
    await until(() => seen.length === 2);
    for (const goOn of waiting) goOn();
    expect((await kept).body).toEqual({ data: { b: 1 } });
    expect(await gone).toMatchObject({
      status: 400,
      body: { errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] },
    });
  });

  it('is told why when there is nothing to load, and stops all the same', async () => {
    await expect(start()).rejects.toThrow(/supergraph\.graphql does not exist/);
    writeFileSync(file, 'type Query { not: ASupergraph }');
    await expect(start()).rejects.toThrow(/The supergraph of .*supergraph\.graphql cannot be loaded/);
  });

  it('closes its connections when it stops, also twice', async () => {
    write('a: Int');
    const server = await start();
    await postQuery(server.url, '{ a }');
    expect(connections).toBe(1);
    await server.close();
    await server.close();
    await until(() => connections === 0);
  });

  it('lets the process end when it has stopped', async () => {
    write('a: Int');
    const once = stack.add(
      'process',
      startProcess('test/support/apollo-server-once.ts', { environment: { SUPERGRAPH_FILE: file } }),
    );
    expect(await once.exitCode).toBe(0);
    expect(once.output.all).toContain('stopped');
  });
});

it('unsubscribes who is told of schemas, and is loaded once', async () => {
  const supergraphSdl = composeOrThrow([{ name: 'a', url: 'http://127.0.0.1:1', sdl: 'type Query { a: Int }' }]);
  const gateway = createApolloGateway({ supergraphSdl, logger: createLog('gateway', 'silent') });
  const told: string[] = [];
  gateway.onSchemaLoadOrUpdate(() => told.push('first'));
  gateway.onSchemaLoadOrUpdate(() => told.push('second'))();
  await gateway.load({ apollo: {} });
  expect(told).toEqual(['first']);
  await expect(gateway.load({ apollo: {} })).rejects.toThrow(/loaded once/);
  await gateway.stop();
});
