import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginUsageReportingDisabled } from '@apollo/server/plugin/disabled';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Gateway, startGateway } from '../../gateway/app.ts';
import { gatewayConfig } from '../../gateway/config.ts';
import { readConfig } from '../../service/config.ts';
import { createLog } from '../../service/logs.ts';
import { startRawServer } from '../support/raw-server.ts';
import { postQuery } from '../support/test-gateway.ts';
import { until } from '../support/until.ts';
import { type RoverRegistry, startRoverRegistry } from './support/rover-registry.ts';

const REF = 'shop@current';
/** Between a publish and the answer with what is new in it, in milliseconds. */
const SOON_MS = 20_000;

/** A gateway as a test asks it, whoever made it. */
interface Follower {
  readonly name: string;
  ask(query: string): Promise<unknown>;
}

describe('gateways that follow the registry', () => {
  const directory = mkdtempSync(join(tmpdir(), 'tributary-follow-registry-'));
  let registry: RoverRegistry;
  let subgraph: Awaited<ReturnType<typeof startRawServer>>;
  let key: string;
  let ours: Gateway;
  let stock: ApolloServer;
  let followers: readonly Follower[];

  beforeAll(async () => {
    subgraph = await startRawServer((request, response) => {
      request.resume().on('end', () => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end('{"data": {"old": "was here", "new": "is here"}}');
      });
    });
    registry = await startRoverRegistry();
    key = await registry.createKey({ name: 'gateways', graphId: 'shop', verbs: ['read', 'report'] });
    await publish('type Query { old: String }');
    ours = await startOurs();
    stock = await startStock();
    followers = [
      { name: 'ours', ask: async (query) => (await postQuery(`${ours.url}/graphql`, query)).body.data },
      { name: 'stock', ask: (query) => askStock(query) },
    ];
  });
  afterAll(async () => {
    await ours.close();
    await stock.stop();
    await registry.close();
    await subgraph.close();
    rmSync(directory, { recursive: true });
  });

  const publish = async (sdl: string) => {
    const result = await registry.publish(REF, 'one', sdl, ['--routing-url', subgraph.url]);
    expect(result.exitCode).toBe(0);
  };

  async function startOurs(): Promise<Gateway> {
    const environment = {
      GATEWAY_HTTP_PORT: '0',
      GATEWAY_ADMIN_PORT: '0',
      GATEWAY_SUPERGRAPH_SOURCE: 'uplink',
      GATEWAY_SUPERGRAPH_UPLINK_ENDPOINTS: `${registry.url}/uplink`,
      GATEWAY_SUPERGRAPH_UPLINK_LAST_GOOD_FILE: join(directory, 'supergraph.graphql'),
      GATEWAY_USAGE_IS_ENABLED: 'true',
      GATEWAY_USAGE_INTERVAL_MS: '100',
      GATEWAY_USAGE_LIVE_INTERVAL_MS: '100',
      APOLLO_KEY: key,
      APOLLO_GRAPH_REF: REF,
    };
    return startGateway(
      readConfig({ schema: gatewayConfig, prefix: 'GATEWAY', environment }),
      createLog('test', 'silent'),
    );
  }

  /** As its documentation has it, with a registry that is not its vendor's. */
  async function startStock(): Promise<ApolloServer> {
    process.env.APOLLO_TELEMETRY_DISABLED = '1';
    const { ApolloGateway } = await import('@apollo/gateway');
    const logger = createLog('stock', 'silent');
    const server = new ApolloServer({
      gateway: new ApolloGateway({ uplinkEndpoints: [`${registry.url}/uplink`], logger }),
      apollo: { key, graphRef: REF },
      plugins: [ApolloServerPluginUsageReportingDisabled()],
      logger,
      stopOnTerminationSignals: false,
    });
    await server.start();
    return server;
  }

  async function askStock(query: string): Promise<unknown> {
    const { body } = await stock.executeOperation({ query });
    return body.kind === 'single' ? body.singleResult.data : undefined;
  }

  const allServe = (query: string, data: object, withinMs = SOON_MS) =>
    until(async () => {
      const answers = await Promise.all(followers.map(({ ask }) => ask(query)));
      return answers.every((answer) => JSON.stringify(answer) === JSON.stringify(data));
    }, withinMs);
  const gateways = async () => {
    const query = `{ graph(id: "shop") { variant(name: "current") { gateways { version isCurrent } } } }`;
    const { graph } = (await registry.ask(query)) as { graph: { variant: { gateways: { version: number }[] } } };
    return graph.variant.gateways;
  };

  it('serve what is published, both', async () => {
    await allServe('{ old }', { old: 'was here' });
  });

  it('serve a new field when it is published, both', async () => {
    await publish('type Query { old: String new: String }');
    await allServe('{ new }', { new: 'is here' });
  });

  it('say which version they run, ours', async () => {
    await until(async () => (await gateways()).some(({ version }) => version === 2));
    expect(await gateways()).toEqual([{ version: 2, isCurrent: true }]);
  });

  it('tell what they answer just now, ours', async () => {
    const query = `{ graph(id: "shop") { variant(name: "current") { live(minutes: 1) {
      gateways operations { name figures { requestsPerSecond p99Ms errorRatio } }
    } } } }`;
    interface Live {
      readonly gateways: number;
      readonly operations: readonly { name: string; figures: { requestsPerSecond: number; p99Ms: number } }[];
    }
    const live = async () => ((await registry.ask(query)) as { graph: { variant: { live: Live } } }).graph.variant.live;
    await postQuery(`${ours.url}/graphql`, 'query Looked { old }');
    await until(async () => (await live()).operations.some(({ name }) => name === 'Looked'));
    const { gateways: telling, operations } = await live();
    expect(telling).toBe(1);
    expect(operations.find(({ name }) => name === 'Looked')).toMatchObject({
      figures: { requestsPerSecond: expect.any(Number), p99Ms: expect.any(Number), errorRatio: 0 },
    });
  });

  it('serve no more what was rolled back, both', async () => {
    await registry.ask('mutation { graph(id: "shop") { variant(name: "current") { rollBack(to: 1) { number } } } }');
    for (const { ask } of followers) await until(async () => !(await ask('{ new }')));
    await allServe('{ old }', { old: 'was here' });
    await until(async () => (await gateways()).every(({ version }) => version === 3));
  });

  it('keep what they have when something is published that does not compose, both', async () => {
    await registry.publish(REF, 'two', 'type Query { old: Int }');
    await allServe('{ old }', { old: 'was here' });
  });

  it('serve on when the registry is killed, both; ours starts again without it', async () => {
    await registry.close();
    await allServe('{ old }', { old: 'was here' });
    await ours.close();
    ours = await startOurs();
    await allServe('{ old }', { old: 'was here' });
    const ready = await fetch(`${ours.adminUrl}/ready`);
    expect(await ready.json()).toMatchObject({
      status: 'ready',
      version: expect.stringMatching(/^3:/),
      source: { isAnswering: false },
    });
  });
});
