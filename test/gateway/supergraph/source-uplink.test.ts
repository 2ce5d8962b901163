import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Gateway, startGateway } from '../../../gateway/app.ts';
import { gatewayConfig } from '../../../gateway/config.ts';
import { ConfigError, readConfig } from '../../../service/config.ts';
import { freePort } from '../../support/free-port.ts';
import { createTestLog } from '../../support/log-lines.ts';
import { type RawServer, startRawServer } from '../../support/raw-server.ts';
import { composeOrThrow, postQuery } from '../../support/test-gateway.ts';
import { until } from '../../support/until.ts';
import { startUplinkServer, type UplinkServer } from '../../support/uplink-server.ts';

describe('a gateway that follows a registry', () => {
  let directory: string;
  let file: string;
  let subgraph: RawServer;
  let uplink: UplinkServer;
  let gateway: Gateway | undefined;
  let testLog: ReturnType<typeof createTestLog>;

  beforeAll(async () => {
    subgraph = await startRawServer((request, response) => {
      request.resume().on('end', () => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end('{"data": {"old": "was here", "new": "is here"}}');
      });
    });
  });
  afterAll(() => subgraph.close());

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'tributary-uplink-'));
    file = join(directory, 'kept/supergraph.graphql');
    uplink = await startUplinkServer({ id: '1:one', sdl: graph('type Query { old: String }') });
    testLog = createTestLog();
    gateway = undefined;
  });
  afterEach(async () => {
    await gateway?.close();
    await uplink.close();
    rmSync(directory, { recursive: true });
  });

  /** It is written a little after a graph is served. */
  const kept = () => (existsSync(file) ? readFileSync(file, 'utf8') : '');
  const graph = (sdl: string) => composeOrThrow([{ name: 'one', url: subgraph.url, sdl }]);
  const read = (more: Record<string, string> = {}) =>
    readConfig({
      schema: gatewayConfig,
      prefix: 'GATEWAY',
      environment: {
        GATEWAY_HTTP_PORT: '0',
        GATEWAY_ADMIN_PORT: '0',
        GATEWAY_SUPERGRAPH_SOURCE: 'uplink',
        GATEWAY_SUPERGRAPH_UPLINK_ENDPOINTS: uplink.url,
        GATEWAY_SUPERGRAPH_UPLINK_LAST_GOOD_FILE: file,
        APOLLO_KEY: 'a key',
        APOLLO_GRAPH_REF: 'shop@current',
        ...more,
      },
    });
  const start = async (more?: Record<string, string>) => {
    gateway = await startGateway(read(more), testLog.log);
    return gateway;
  };
  const ask = (query: string) => postQuery(`${gateway?.url}/graphql`, query);
  const ready = async (url = gateway?.adminUrl) => {
    const response = await fetch(`${url}/ready`);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  it('serves what the registry has, and soon what is new there', async () => {
    await start();
    expect(uplink.asked[0]).toEqual({ ref: 'shop@current', apiKey: 'a key', ifAfterId: null });
    expect((await ask('{ new }')).status).toBe(400);
    uplink.offer({ id: '2:two', sdl: graph('type Query { old: String new: String }') });
    await testLog.lines.find(/"reloaded /);
    expect((await ask('{ new }')).body).toEqual({ data: { new: 'is here' } });
    expect((await ready()).body).toMatchObject({ version: '2:two', source: { isAnswering: true } });
  });

  it('goes on serving when the registry is away, says so, and follows it when it is back', async () => {
    await start();
    await uplink.leave();
    await testLog.lines.find(/the registry gives nothing for shop@current/);
    expect((await ask('{ old }')).body).toEqual({ data: { old: 'was here' } });
    expect(await ready()).toMatchObject({
      status: 200,
      body: {
        status: 'ready',
        version: '1:one',
        source: { isAnswering: false, error: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+ cannot be reached/) },
      },
    });
    uplink.offer({ id: '2:two', sdl: graph('type Query { new: String }') });
    await uplink.comeBack();
    await testLog.lines.find(/"reloaded /);
    expect((await ask('{ new }')).body).toEqual({ data: { new: 'is here' } });
  });

  it('starts without the registry, with what it served last', async () => {
    await (await start()).close();
    await uplink.leave();
    await start();
    expect((await ask('{ old }')).body).toEqual({ data: { old: 'was here' } });
    expect((await ready()).body).toMatchObject({ version: '1:one', source: { isAnswering: false } });
    uplink.offer({ id: '2:two', sdl: graph('type Query { new: String }') });
    await uplink.comeBack();
    await testLog.lines.find(/"reloaded /);
    expect((await ask('{ new }')).body).toEqual({ data: { new: 'is here' } });
  });

  it('starts with what is newest, not with what it served last, when the registry answers', async () => {
    await (await start()).close();
    uplink.offer({ id: '2:two', sdl: graph('type Query { new: String }') });
    await start();
    expect((await ask('{ new }')).body).toEqual({ data: { new: 'is here' } });
    expect((await ask('{ old }')).status).toBe(400);
  });

  it('waits for the registry when it has served nothing yet, alive and not ready', async () => {
    await uplink.leave();
    const port = await freePort();
    const admin = `http://127.0.0.1:${port}`;
    const starting = start({ GATEWAY_ADMIN_PORT: String(port) });
    await testLog.lines.find(/the registry gives nothing/);
    expect((await fetch(`${admin}/health`)).status).toBe(200);
    expect(await ready(admin)).toMatchObject({ status: 503, body: { source: { isAnswering: false } } });
    const reload = await fetch(`${admin}/reload`, { method: 'POST', headers: { 'apollo-require-preflight': '1' } });
    expect(reload.status).toBe(503);
    await uplink.comeBack();
    await starting;
    expect((await ready(admin)).status).toBe(200);
  });

  it('waits for a graph that nobody has published yet', async () => {
    uplink.offer({ code: 'RETRY_LATER', message: 'nothing is published for shop@current' });
    const starting = start();
    await testLog.lines.find(/RETRY_LATER: nothing is published/);
    uplink.offer({ id: '1:one', sdl: graph('type Query { old: String }') });
    await starting;
    expect((await ask('{ old }')).status).toBe(200);
  });

  it('does not serve what it cannot, and serves its repair', async () => {
    await start();
    uplink.offer({ id: '2:two', sdl: 'type Query { not: Composed }' });
    await testLog.lines.find(/the last good one stays/);
    expect((await ask('{ old }')).body).toEqual({ data: { old: 'was here' } });
    await until(() => /^# shop@current 1%3Aone\n/.test(kept()));
    expect(await ready()).toMatchObject({
      status: 200,
      body: { version: '1:one', source: { isAnswering: true, error: expect.stringContaining('cannot be loaded') } },
    });
    uplink.offer({ id: '3:three', sdl: graph('type Query { new: String }') });
    await testLog.lines.find(/"reloaded /);
    await until(() => /^# shop@current 3%3Athree\n/.test(kept()));
    expect((await ready()).body.source).not.toHaveProperty('error');
  });

  it('starts with what it served last when the registry has what it cannot serve', async () => {
    await (await start()).close();
    uplink.offer({ id: '2:two', sdl: 'type Query { not: Composed }' });
    await start();
    expect((await ask('{ old }')).body).toEqual({ data: { old: 'was here' } });
    expect((await ready()).body).toMatchObject({
      version: '1:one',
      source: { isAnswering: true, error: expect.anything() },
    });
  });

  it('tells the version that it runs also when another has the same graph', async () => {
    const sdl = graph('type Query { old: String }');
    await start();
    uplink.offer({ id: '2:two', sdl });
    await until(async () => (await ready()).body.version === '2:two');
    await until(() => /^# shop@current 2%3Atwo\n/.test(kept()));
    expect(testLog.lines.all.filter((line) => line.includes('"reloaded '))).toEqual([]);
  });

  it('asks the next registry when one is away', async () => {
    await start({ GATEWAY_SUPERGRAPH_UPLINK_ENDPOINTS: `http://127.0.0.1:${await freePort()}/uplink,${uplink.url}` });
    expect((await ask('{ old }')).status).toBe(200);
  });

  it.each(['# other@current 9%3Anine\ntype Query { other: Int }', 'nonsense'])(
    'serves no file of another graph: %j',
    async (text) => {
      await (await start()).close();
      writeFileSync(file, text);
      await uplink.leave();
      const starting = start();
      await testLog.lines.find(/the registry gives nothing/);
      await uplink.comeBack();
      await starting;
      expect((await ask('{ old }')).status).toBe(200);
    },
  );

  it('serves also where it can keep nothing', async () => {
    writeFileSync(join(directory, 'kept'), 'a file where a directory should be');
    await start();
    await testLog.lines.find(/cannot be kept/);
    expect((await ask('{ old }')).status).toBe(200);
  });

  it('keeps nothing when it is told so', async () => {
    await (await start({ GATEWAY_SUPERGRAPH_UPLINK_LAST_GOOD_FILE: 'none' })).close();
    expect(existsSync(file)).toBe(false);
  });

  it('says what it needs to follow a registry', () => {
    expect(() => read({ APOLLO_KEY: '', APOLLO_GRAPH_REF: '' })).toThrow(ConfigError);
    expect(() => read({ APOLLO_KEY: '', APOLLO_GRAPH_REF: '' })).toThrow(/graphRef.*APOLLO_GRAPH_REF[\s\S]*APOLLO_KEY/);
  });
});
