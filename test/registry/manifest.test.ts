import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Gateway, startGateway } from '../../gateway/app.ts';
import { gatewayConfig } from '../../gateway/config.ts';
import { ConfigError, readConfig } from '../../service/config.ts';
import { createTestLog } from '../support/log-lines.ts';
import { type RawServer, startRawServer } from '../support/raw-server.ts';
import { postQuery } from '../support/test-gateway.ts';
import { until } from '../support/until.ts';
import { type RoverRegistry, startRoverRegistry } from './support/rover-registry.ts';

const REF = 'shop@current';
const SDL = 'type Query { old: String new: String }';
const OLD = 'query Old { old }';
const NEW = 'query New { new }';

describe('a gateway whose safelist comes from the registry', () => {
  const directory = mkdtempSync(join(tmpdir(), 'tributary-manifest-'));
  const testLog = createTestLog();
  let registry: RoverRegistry;
  let subgraph: RawServer;
  let key: string;
  let starting: Promise<Gateway>;
  let gateway: Gateway;

  beforeAll(async () => {
    subgraph = await startRawServer((request, response) => {
      request.resume().on('end', () => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end('{"data": {"old": "was here", "new": "is here"}}');
      });
    });
    registry = await startRoverRegistry();
    key = await registry.createKey({ name: 'gateways', graphId: 'shop', verbs: ['read'] });
    await registry.publish(REF, 'one', SDL, ['--routing-url', subgraph.url]);
  });
  afterAll(async () => {
    await gateway.close();
    await registry.close();
    await subgraph.close();
    rmSync(directory, { recursive: true });
  });

  const read = (more: Record<string, string> = {}) =>
    readConfig({
      schema: gatewayConfig,
      prefix: 'GATEWAY',
      environment: {
        GATEWAY_HTTP_PORT: '0',
        GATEWAY_ADMIN_PORT: '0',
        GATEWAY_SUPERGRAPH_SOURCE: 'uplink',
        GATEWAY_SUPERGRAPH_UPLINK_ENDPOINTS: `${registry.url}/uplink`,
        GATEWAY_SUPERGRAPH_UPLINK_LAST_GOOD_FILE: join(directory, 'supergraph.graphql'),
        GATEWAY_PERSISTED_SAFELIST_SOURCE: 'uplink',
        GATEWAY_PERSISTED_SAFELIST_MODE: 'only-known',
        APOLLO_KEY: key,
        APOLLO_GRAPH_REF: REF,
        ...more,
      },
    });
  const ask = async (query: string) => {
    const { status, body } = await postQuery(`${gateway.url}/graphql`, query);
    return [status, body.data ?? body.errors?.[0]?.extensions.code];
  };
  const publish = async (id: string, body: string) => {
    const operations = [{ id, name: id, type: 'query', body }];
    const manifest = JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 1, operations });
    const file = registry.rover.write(`${id}.json`, manifest);
    const { exitCode } = await registry.rover.run(['persisted-queries', 'publish', REF, '--manifest', file]);
    expect(exitCode).toBe(0);
  };

  const OLD_ANSWER = [200, { old: 'was here' }];
  const NEW_ANSWER = [200, { new: 'is here' }];
  const REFUSED = [403, 'QUERY_NOT_IN_SAFELIST'];

  it('is not there before the registry has a list', async () => {
    starting = startGateway(read(), testLog.log);
    starting.catch(() => undefined);
    const line = await testLog.lines.find(/serves no persisted query list/);
    expect(JSON.parse(line)).toMatchObject({ level: 'warn' });
    expect(testLog.lines.all.some((line) => line.includes('the gateway is serving'))).toBe(false);
  });

  it('serves the operation that rover has published, and refuses another', async () => {
    await registry.ask(`mutation { graph(id: "shop") {
      createPersistedQueryList(name: "apps", variants: ["current"]) { id }
    } }`);
    await publish('old', OLD);
    gateway = await starting;
    await until(async () => (await ask(OLD))[0] === 200);
    expect(await ask(OLD)).toEqual(OLD_ANSWER);
    expect(await ask(NEW)).toEqual(REFUSED);
  });

  it('serves what is published next, beside the former', async () => {
    await publish('new', NEW);
    await until(async () => (await ask(NEW))[0] === 200);
    expect(await ask(NEW)).toEqual(NEW_ANSWER);
    expect(await ask(OLD)).toEqual(OLD_ANSWER);
    expect(await ask('{ new }')).toEqual(REFUSED);
  });

  it('serves on when the registry is killed', async () => {
    const kept = join(directory, 'supergraph.persisted-queries.json');
    await until(() => JSON.parse(readFileSync(kept, 'utf8')).operations.length === 2);
    await registry.close();
    await testLog.lines.find(/gives nothing for the persisted queries of shop@current.*ECONNREFUSED/);
    expect(await ask(OLD)).toEqual(OLD_ANSWER);
    expect(await ask('{ new }')).toEqual(REFUSED);
  });

  it('starts again without the registry, with the list of before', async () => {
    await gateway.close();
    gateway = await startGateway(read(), testLog.log);
    expect(await ask(NEW)).toEqual(NEW_ANSWER);
    expect(await ask('{ new }')).toEqual(REFUSED);
  });

  it('says at the start what is missing to ask the registry', async () => {
    const config = read({ GATEWAY_SUPERGRAPH_SOURCE: 'file', APOLLO_KEY: '', APOLLO_GRAPH_REF: '' });
    const start = startGateway(config, testLog.log);
    await expect(start).rejects.toThrow(ConfigError);
    await expect(start).rejects.toThrow(/supergraph.uplink.graphRef.*supergraph.uplink.key/s);
    expect(() => read({ GATEWAY_PERSISTED_SAFELIST_MANIFEST: 'uplink.json' })).toThrow(/is not read with/);
  });
});
