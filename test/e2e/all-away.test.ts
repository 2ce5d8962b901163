import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { ClosingStack } from '../../service/run.ts';
import { GRAPH } from '../registry/support/open-registry.ts';
import { PROCESS_KEY, startRegistryProcess } from '../registry/support/registry-process.ts';
import { type GatewayProcess, startGatewayProcess } from '../support/gateway-process.ts';
import { startProcess } from '../support/process.ts';
import { startRedisServer } from '../support/redis-server.ts';
import { describeWithRedisServer } from '../support/servers.ts';
import { postQuery } from '../support/test-gateway.ts';
import { until } from '../support/until.ts';

const SDL = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  directive @cacheControl(maxAge: Int) on FIELD_DEFINITION
  type Query { double(number: Int!): Int @cacheControl(maxAge: 60) }
  type Mutation { add(number: Int!): Int }
`;

/** Of so many answers: each step waits for as many. */
const PACE = 150;

describeWithRedisServer('under constant load', () => {
  it('nothing fails while Redis and the registry are killed and stay away, and gateways take turns', async () => {
    const stack = new ClosingStack();
    const directory = mkdtempSync(join(tmpdir(), 'tributary-away-'));
    try {
      const subgraph = stack.add('subgraph', startProcess('test/support/replica-process.ts', { args: ['0'] }));
      const port = (await subgraph.output.find(/^listening \d+$/)).split(' ')[1];
      const redis = stack.add('redis', await startRedisServer());
      const registry = stack.add(
        'registry',
        await startRegistryProcess({ REGISTRY_DATA_DIR: join(directory, 'registry') }),
      );
      await registry.publish('numbers', SDL);
      const start = (): GatewayProcess =>
        stack.add(
          'gateway',
          startGatewayProcess({
            environment: {
              GATEWAY_SUPERGRAPH_SOURCE: 'uplink',
              GATEWAY_SUPERGRAPH_UPLINK_ENDPOINTS: `${registry.url}/uplink`,
              GATEWAY_SUPERGRAPH_UPLINK_LAST_GOOD_FILE: join(directory, 'last-good.graphql'),
              APOLLO_KEY: PROCESS_KEY,
              APOLLO_GRAPH_REF: `${GRAPH}@current`,
              REDIS_URL: redis.url,
              GATEWAY_UPSTREAM_NUMBERS_URLS: `http://127.0.0.1:${port}/graphql`,
              GATEWAY_RATE_LIMIT_SETS: JSON.stringify({
                all: { client: ['ip'], rules: { requests: { limit: 1_000_000, windowS: 60 } } },
              }),
            },
          }),
        );

      const first = start();
      let { url, admin } = await first.serving;
      const failed: unknown[] = [];
      let answered = 0;
      let isOver = false;
      /** Some that are asked for again and again, some once; every tenth writes. */
      const askOne = async (number: number) => {
        const isWrite = number % 10 === 0;
        const of = number % 3 === 0 ? number : number % 7;
        const query = isWrite
          ? 'mutation ($number: Int!) { add(number: $number) }'
          : 'query ($number: Int!) { double(number: $number) }';
        const expected = { data: isWrite ? { add: of } : { double: 2 * of } };
        const got = await postQuery(url, query, { variables: { number: of } }).then(
          ({ body }) => body,
          (error: unknown) => ({ error: String(error) }),
        );
        answered++;
        if (JSON.stringify(got) !== JSON.stringify(expected)) failed.push(got);
      };
      let next = 0;
      const load = Promise.all(
        Array.from({ length: 8 }, async () => {
          while (!isOver) await askOne(next++);
        }),
      );
      const more = async () => {
        const wanted = answered + PACE;
        await until(() => answered >= wanted);
      };

      await more();
      await redis.close();
      await more();
      await registry.close();
      await more();
      // As a rolling restart has it: a new one takes over when it is ready, then the old one stops.
      const second = start();
      const newer = await second.serving;
      await until(async () => (await fetch(`${newer.admin}/ready`)).status === 200);
      ({ url, admin } = newer);
      first.kill('SIGTERM');
      expect(await first.exitCode).toBe(0);
      await more();
      isOver = true;
      await load;
      expect(failed).toEqual([]);
      const ready = (await (await fetch(`${admin}/ready`)).json()) as object;
      expect(ready).toMatchObject({ status: 'ready', source: { isAnswering: false } });
    } finally {
      await stack.close();
      rmSync(directory, { recursive: true });
    }
  }, 60_000);
});
