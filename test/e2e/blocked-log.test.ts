import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from '@jest/globals';
import { startControlledSubgraph } from '../support/controlled-subgraph.ts';
import { composeOrThrow } from '../support/test-gateway.ts';

/** Of one batch; each operation is a line in the log. */
const BATCH = 200;
const BATCHES = 120;

it('a gateway whose log nobody reads answers all the same, and counts the lines that it drops', async () => {
  const subgraph = await startControlledSubgraph({
    ...{ name: 'one', sdl: 'type Query { name: String }', resolvers: { Query: { name: () => 'one' } } },
  });
  const folder = mkdtempSync(join(tmpdir(), 'tributary-blocked-'));
  const [config, supergraph] = [join(folder, 'gateway.yaml'), join(folder, 'supergraph.graphql')];
  writeFileSync(config, '');
  writeFileSync(supergraph, composeOrThrow([subgraph.schema]));
  const gateway = spawn(
    process.execPath,
    [
      ...['--import', './service/compile-cache.js', 'gateway/main.ts'],
      ...['--config', config, '--supergraph', supergraph, '--listen', '0'],
    ],
    {
      env: { PATH: process.env.PATH, GATEWAY_ADMIN_PORT: '0', GATEWAY_HTTP_MAX_BATCH_LENGTH: String(BATCH) },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  try {
    const lines = createInterface({ input: gateway.stdout });
    let serving: { url: string; admin: string } | undefined;
    for await (const line of lines) {
      if (!line.includes('the gateway is serving')) continue;
      serving = JSON.parse(line) as { url: string; admin: string };
      break;
    }
    // From here on nobody reads it.
    lines.close();
    gateway.stdout.pause();
    const { url = '', admin = '' } = serving ?? {};
    const headers = {
      'content-type': 'application/json',
      'apollographql-client-name': 'c'.repeat(200),
      'apollographql-client-version': 'v'.repeat(200),
    };
    const body = JSON.stringify(Array.from({ length: BATCH }, () => ({ query: '{ name }' })));
    for (let batch = 0; batch < BATCHES; batch++) {
      const answers = (await (await fetch(url, { method: 'POST', headers, body })).json()) as unknown[];
      expect(answers).toEqual(Array(BATCH).fill({ data: { name: 'one' } }));
    }
    const metrics = await (await fetch(`${admin}/metrics`)).text();
    expect(Number(/^tributary_log_lines_dropped_total (\d+)$/m.exec(metrics)?.[1])).toBeGreaterThan(0);
  } finally {
    gateway.kill('SIGKILL');
    await once(gateway, 'exit');
    await subgraph.close();
    rmSync(folder, { recursive: true });
  }
}, 60_000);
