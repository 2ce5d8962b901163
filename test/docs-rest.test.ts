import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ClosingStack } from '../service/run.ts';
import { startIssuer, trusting } from './support/issuer.ts';
import { readBlocks, runBlocks } from './support/page-blocks.ts';
import { startProcess } from './support/process.ts';
import { startRawServer } from './support/raw-server.ts';
import { composeOrThrow } from './support/test-gateway.ts';

/** The blocks of docs/rest.md as they stand there: the configuration on a real gateway, the commands against it. Only addresses are others. */

describe('the blocks of docs/rest.md', () => {
  const stack = new ClosingStack();
  let folder: string;
  let url: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tributary-docs-rest-'));
    stack.add('folder', { close: async () => rmSync(folder, { recursive: true }) });
    const files = stack.add(
      'files',
      await startRawServer(async (request, response) => {
        let bytes = 0;
        for await (const chunk of request) bytes += chunk.length;
        response.end(`${request.method} ${request.url} ${bytes}\n`);
      }),
    );
    const issuer = stack.add('issuer', await startIssuer());
    const [config = ''] = readBlocks('rest.md', 'yaml');
    writeFileSync(join(folder, 'gateway.yaml'), config.replace('http://localhost:5001', new URL(files.url).origin));
    const sdl = composeOrThrow([{ name: 'a', url: 'http://localhost:1', sdl: 'type Query { a: Int }' }]);
    writeFileSync(join(folder, 'supergraph.graphql'), sdl);
    const gateway = startProcess('gateway/main.ts', {
      args: ['--config', join(folder, 'gateway.yaml'), '--supergraph', join(folder, 'supergraph.graphql')],
      environment: { ...trusting(issuer), GATEWAY_HTTP_PORT: '0', GATEWAY_ADMIN_PORT: '0' },
    });
    stack.add('gateway', gateway);
    const line = JSON.parse(await gateway.output.find(/the gateway is serving/)) as { url: string };
    url = new URL(line.url).origin;
  });
  afterAll(() => stack.close());

  it('do what is said there', async () => {
    const blocks = readBlocks('rest.md', 'sh').map((block) => block.replaceAll('http://localhost:4000', url));
    const { exitCode, printed } = await runBlocks(blocks, { folder, environment: process.env });
    expect(exitCode).toBe(0);
    expect(printed).toHaveLength(3);
    expect(printed[0]).toBe('GET /files/a?size=1 0\n');
    expect(printed[1]).toContain('"code":"UNAUTHENTICATED"');
    expect(printed[2]).toBe('PUT /files/large 50000000\n');
  });
});
