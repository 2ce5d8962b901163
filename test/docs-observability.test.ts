import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { startRegistry } from '../registry/app.ts';
import { registryConfig } from '../registry/config.ts';
import { createLog } from '../service/logs.ts';
import { ClosingStack } from '../service/run.ts';
import { type Collector, startCollector } from './support/collector.ts';
import { startControlledSubgraph } from './support/controlled-subgraph.ts';
import { readBlocks, runBlocks } from './support/page-blocks.ts';
import { startProcess, type TestProcess } from './support/process.ts';
import { createTestDatabase } from './support/servers.ts';
import { composeOrThrow } from './support/test-gateway.ts';
import { until } from './support/until.ts';

/** The blocks of docs/observability.md as they stand there, on a real gateway and a real registry. Only addresses are others. */

const SDL = `type Query { products(first: Int): Products @cost(weight: "1") }
  type Products { edges: [Edge!]! } type Edge { node: Product! } type Product { name: String! }
  directive @cost(weight: String!) on FIELD_DEFINITION`;
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

describe('docs/observability.md', () => {
  const stack = new ClosingStack();
  let folder: string;
  let collector: Collector;
  let gateway: TestProcess;
  let urls: Readonly<Record<string, string>>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tributary-docs-observability-'));
    stack.add('folder', { close: async () => rmSync(folder, { recursive: true }) });
    collector = stack.add('collector', await startCollector());
    const resolvers = { Query: { products: () => ({ edges: [{ node: { name: 'Kettle' } }] }) } };
    const subgraph = stack.add('products', await startControlledSubgraph({ name: 'products', sdl: SDL, resolvers }));
    const database = stack.add('database', await createTestDatabase());
    const registry = await startRegistry(
      registryConfig.parse({ http: { port: 0 }, adminKey: 'an administrator of a test' }),
      createLog('registry', 'silent'),
      { url: database.url, isEmbedded: true },
    );
    stack.add('registry', registry);

    const [config = ''] = readBlocks('observability.md', 'yaml');
    writeFileSync(join(folder, 'gateway.yaml'), config.replace('http://collector:4318/v1/traces', collector.endpoint));
    writeFileSync(join(folder, 'supergraph.graphql'), composeOrThrow([subgraph.schema]));
    gateway = startProcess('gateway/main.ts', {
      args: ['--config', join(folder, 'gateway.yaml'), '--supergraph', join(folder, 'supergraph.graphql')],
      environment: { GATEWAY_HTTP_PORT: '0', GATEWAY_ADMIN_PORT: '0' },
    });
    stack.add('gateway', gateway);
    const line = JSON.parse(await gateway.output.find(/the gateway is serving/)) as { url: string; admin: string };
    urls = { 4000: new URL(line.url).origin, 4090: line.admin, 4200: registry.url };
  });
  afterAll(() => stack.close());

  it('has shell blocks that do what is said there', async () => {
    const blocks = readBlocks('observability.md', 'sh').map((block) =>
      block.replace(/http:\/\/localhost:(\d+)/g, (address, port: string) => urls[port] ?? address),
    );
    const { exitCode, printed } = await runBlocks(blocks, { folder, environment: process.env });
    expect([exitCode, printed.length, exitCode === 0 ? '' : printed.at(-1)]).toEqual([0, 4, '']);
    const [numbers = '', often = '', traced = '', example = ''] = printed;
    expect(numbers).toMatch(/^tributary_supergraph_info\{.*\} 1\nprocess_resident_memory_bytes \d+$/m);
    expect(often).toMatch(/operation="other",outcome="ok"\} 2$/m);
    expect(often).toMatch(/operation="Shelf \w{8}",outcome="ok"\} 1$/m);
    expect(traced).toContain('{"data":{"products":{"edges":[{"node":{"name":"Kettle"}}]}}}');
    expect(example).toMatch(/^tributary_request_duration_seconds_bucket\{.*operation="Shelf /m);
    await until(() => collector.spans.some(({ traceId, name }) => traceId === TRACE && name === 'query Shelf'));
  });

  it('shows the fields of a request’s line that there are', async () => {
    await fetch(`${urls[4000]}/graphql`, {
      method: 'POST',
      headers: {
        ...{ 'content-type': 'application/json', traceparent: `00-${TRACE}-00f067aa0ba902b7-01` },
        ...{ 'apollographql-client-name': 'web', 'apollographql-client-version': '1.2' },
      },
      body: JSON.stringify({ query: 'query Shelf { products(first: 2) { edges { node { name } } } }' }),
    });
    const [shown = ''] = readBlocks('observability.md', 'json');
    const told = JSON.parse(await gateway.output.find(/"clientVersion":"1.2"/)) as object;
    expect(Object.keys(told)).toEqual(Object.keys(JSON.parse(shown)));
  });

  it('says of each alert what to look at', () => {
    const page = readFileSync(new URL('../docs/observability.md', import.meta.url), 'utf8');
    const { groups } = parse(readFileSync(new URL('../observability/alerts.yml', import.meta.url), 'utf8')) as {
      groups: { rules: { alert: string }[] }[];
    };
    const told = [...page.matchAll(/^\| `([A-Z]\w+)` \|/gm)].map(([, name = '']) => name);
    expect(told).toEqual(groups.flatMap(({ rules }) => rules.map(({ alert }) => alert)));
  });
});
