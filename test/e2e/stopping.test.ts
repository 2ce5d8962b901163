import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { ClosingStack } from '../../service/run.ts';
import { startControlledSubgraph } from '../support/controlled-subgraph.ts';
import { startProcess } from '../support/process.ts';
import { composeOrThrow } from '../support/test-gateway.ts';

it('a gateway that is told to stop under load cuts no answer, and says that it is not ready', async () => {
  const stack = new ClosingStack();
  const folder = mkdtempSync(join(tmpdir(), 'tributary-stopping-'));
  try {
    const subgraph = stack.add(
      'subgraph',
      await startControlledSubgraph({
        name: 'one',
        sdl: 'type Query { name: String }',
        resolvers: { Query: { name: () => 'one' } },
      }),
    );
    writeFileSync(join(folder, 'supergraph.graphql'), composeOrThrow([subgraph.schema]));
    writeFileSync(join(folder, 'gateway.yaml'), '');
    const args = ['--config', join(folder, 'gateway.yaml'), '--supergraph', join(folder, 'supergraph.graphql')];
    const gateway = stack.add(
      'gateway',
      startProcess('gateway/main.ts', {
        args: [...args, '--listen', '0'],
        environment: { GATEWAY_ADMIN_PORT: '0', GATEWAY_HTTP_DRAIN_MS: '2000' },
      }),
    );
    const { url, admin } = JSON.parse(await gateway.output.find(/the gateway is serving/)) as Record<string, string>;
    const outcomes: Record<string, number> = {};
    const count = (outcome: string) => {
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    };
    let beforeStop = 0;
    /** As a load balancer has it: who is not ready gets nothing more. */
    let isReady = true;
    const load = Promise.all(
      Array.from({ length: 8 }, async () => {
        while (isReady) {
          count(await ask(url ?? ''));
          // Once all of them are well under way.
          if (++beforeStop === 400) gateway.kill('SIGTERM');
        }
      }),
    );
    const ready = gateway.output
      .find(/"msg":"stopping"/)
      .then(() => fetch(`${admin}/ready`))
      .then(({ status }) => {
        isReady = status === 200;
        return status;
      });
    expect(await ready).toBe(503);
    await load;
    expect(await gateway.exitCode).toBe(0);
    expect(outcomes).toEqual({ [ANSWER]: expect.any(Number) });
    expect(await ask(url ?? '')).toBe('ECONNREFUSED');
  } finally {
    await stack.close();
    rmSync(folder, { recursive: true });
  }
});

const ANSWER = '{"data":{"name":"one"}}';

async function ask(url: string): Promise<string> {
  try {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body: '{"query":"{ name }"}' });
    return await response.text();
  } catch (error) {
    return (error as { cause?: { code?: string } }).cause?.code ?? String(error);
  }
}
