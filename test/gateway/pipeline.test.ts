import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { startGateway } from '../../gateway/app.ts';
import { gatewayConfig } from '../../gateway/config.ts';
import { readConfig } from '../../service/config.ts';
import { createLog } from '../../service/logs.ts';
import { startRawServer } from '../support/raw-server.ts';
import { postQuery } from '../support/test-gateway.ts';
import { until } from '../support/until.ts';

it('finishes a request at the addresses of the graph that it came on, and lets go of them then', async () => {
  let held: ServerResponse | undefined;
  let oldConnections = 0;
  const answer = (response: ServerResponse, data: object) =>
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ data }));
  const first = await startRawServer((request, response) => {
    request.resume().on('end', () => {
      held = response;
    });
  });
  const oldSecond = await startRawServer((request, response) => {
    oldConnections++;
    request.socket.once('close', () => oldConnections--);
    request.resume().on('end', () => answer(response, { second: 'old' }));
  });
  const newSecond = await startRawServer((request, response) => {
    request.resume().on('end', () => answer(response, { second: 'new' }));
  });

  const directory = mkdtempSync(join(tmpdir(), 'tributary-pipeline-'));
  const file = join(directory, 'supergraph.yaml');
  const inline = (name: string, url: string, sdl: string) =>
    `  ${name}:\n    routing_url: ${url}\n    schema: { sdl: "${sdl}" }\n`;
  const writeGraph = (secondUrl: string) =>
    writeFileSync(
      file,
      `subgraphs:\n${inline('first', first.url, 'type Query { a: Int } type Mutation { first: String }')}${inline('second', secondUrl, 'type Mutation { second: String }')}`,
    );
  writeGraph(oldSecond.url);
  const environment = {
    GATEWAY_HTTP_PORT: '0',
    GATEWAY_ADMIN_PORT: '0',
    GATEWAY_SUPERGRAPH_FILE: file,
    GATEWAY_SUPERGRAPH_POLL_INTERVAL_MS: '0',
  };
  const config = readConfig({ schema: gatewayConfig, prefix: 'GATEWAY', environment });
  const gateway = await startGateway(config, createLog('test', 'silent'));

  const inFlight = postQuery(`${gateway.url}/graphql`, 'mutation { first second }');
  const response = await until(() => held);
  writeGraph(newSecond.url);
  expect(await gateway.reload()).toMatchObject({ outcome: 'changed' });
  expect((await postQuery(`${gateway.url}/graphql`, 'mutation { second }')).body).toEqual({ data: { second: 'new' } });
  answer(response, { first: 'done' });
  expect((await inFlight).body).toEqual({ data: { first: 'done', second: 'old' } });
  await until(() => oldConnections === 0);

  await gateway.close();
  await Promise.all([first, oldSecond, newSecond].map((server) => server.close()));
  rmSync(directory, { recursive: true });
});
