import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Gateway, startGateway } from '../../../gateway/app.ts';
import { gatewayConfig } from '../../../gateway/config.ts';
import { readConfig } from '../../../service/config.ts';
import { createTestLog } from '../../support/log-lines.ts';
import { type RawServer, startRawServer } from '../../support/raw-server.ts';
import { postQuery } from '../../support/test-gateway.ts';

describe('a gateway that follows its files', () => {
  let directory: string;
  let subgraph: RawServer;
  let gateway: Gateway;
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
    directory = mkdtempSync(join(tmpdir(), 'tributary-follow-'));
    writeFileSync(
      join(directory, 'supergraph.yaml'),
      `subgraphs:\n  one:\n    routing_url: ${subgraph.url}\n    schema: { file: one.graphql }\n`,
    );
    writeSchema('type Query { old: String }');
    testLog = createTestLog();
    const environment = {
      GATEWAY_HTTP_PORT: '0',
      GATEWAY_ADMIN_PORT: '0',
      GATEWAY_SUPERGRAPH_FILE: join(directory, 'supergraph.yaml'),
      GATEWAY_SUPERGRAPH_POLL_INTERVAL_MS: '20',
    };
    gateway = await startGateway(readConfig({ schema: gatewayConfig, prefix: 'GATEWAY', environment }), testLog.log);
  });
  afterEach(async () => {
    await gateway.close();
    rmSync(directory, { recursive: true });
  });

  const writeSchema = (sdl: string) => writeFileSync(join(directory, 'one.graphql'), sdl);
  const ask = (query: string) => postQuery(`${gateway.url}/graphql`, query);
  const reload = async () =>
    (await (
      await fetch(`${gateway.adminUrl}/reload`, { method: 'POST', headers: { 'apollo-require-preflight': '1' } })
    ).json()) as {
      outcome: string;
      error?: string;
    };

  it('serves the new graph when a schema file changes', async () => {
    expect((await ask('{ new }')).status).toBe(400);
    writeSchema('type Query { new: String }');
    await testLog.lines.find(/"reloaded /);
    expect((await ask('{ new }')).body).toEqual({ data: { new: 'is here' } });
    expect((await ask('{ old }')).status).toBe(400);
  });

  it('keeps the last good graph when the new one does not compose, and says why', async () => {
    writeSchema('type Query { old: Missing, worse: Missing }');
    const line = await testLog.lines.find(/the last good one stays/);
    expect(line).toContain('INVALID_GRAPHQL');
    expect(line).toContain('one:1:');
    expect((await ask('{ old }')).body).toEqual({ data: { old: 'was here' } });
    writeSchema('type Query { new: String }');
    await testLog.lines.find(/"reloaded /);
    expect((await ask('{ new }')).body).toEqual({ data: { new: 'is here' } });
  });

  it.each([
    { fault: 'is missing', broken: undefined },
    { fault: 'does not parse', broken: 'type Query {' },
    { fault: 'does not compose', broken: 'type Query { old: Int }' },
  ])('notices the repair of a new subgraph whose schema $fault', async ({ broken }) => {
    if (broken !== undefined) writeFileSync(join(directory, 'two.graphql'), broken);
    const two = `  two:\n    routing_url: ${subgraph.url}\n    schema: { file: two.graphql }\n`;
    appendFileSync(join(directory, 'supergraph.yaml'), two);
    await testLog.lines.find(/the last good one stays/);
    writeFileSync(join(directory, 'two.graphql'), 'type Query { new: String }');
    await testLog.lines.find(/"reloaded /);
    expect((await ask('{ old new }')).body).toEqual({ data: { old: 'was here', new: 'is here' } });
  });

  it('says so when what was broken is as it was', async () => {
    writeSchema('type Query { old: Missing }');
    await testLog.lines.find(/the last good one stays/);
    writeSchema('type Query { old: String }');
    await testLog.lines.find(/composes again/);
  });

  it('guards from then on what the new graph guards', async () => {
    writeSchema(
      'extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@policy"]) type Query { old: String @policy(policies: [["p"]]) }',
    );
    await testLog.lines.find(/"reloaded /);
    expect((await ask('{ old }')).body.data).toEqual({ old: null });
  });

  it('tells the operator who asks for a reload what came of it', async () => {
    expect(await reload()).toMatchObject({ outcome: 'unchanged' });
    rmSync(join(directory, 'one.graphql'));
    expect(await reload()).toMatchObject({ outcome: 'failed', error: expect.stringContaining('one.graphql') });
  });

  it('drops no request while it reloads', async () => {
    let isDone = false;
    const statuses: number[] = [];
    const traffic = Promise.all(
      Array.from({ length: 2 }, async () => {
        while (!isDone) {
          const { status, body } = await ask('{ old }');
          statuses.push(status === 200 && body.errors === undefined ? status : -1);
        }
      }),
    );
    for (let round = 0; round < 2; round++) {
      writeSchema(`type Query { old: String, extra${round}: Int }`);
      expect(await reload()).toMatchObject({ outcome: expect.not.stringContaining('failed') });
    }
    isDone = true;
    await traffic;
    expect(statuses.length).toBeGreaterThan(10);
    expect(new Set(statuses)).toEqual(new Set([200]));
  }, 90_000);
});
