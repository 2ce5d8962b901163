import { expect, it } from '@jest/globals';
import { ClosingStack } from '../../service/run.ts';
import { startControlledSubgraph } from '../support/controlled-subgraph.ts';
import { startGatewayProcess } from '../support/gateway-process.ts';

it('a gateway that is told to stop under load cuts no answer, and says that it is not ready', async () => {
  const stack = new ClosingStack();
  try {
    const subgraph = stack.add(
      'subgraph',
      await startControlledSubgraph({
        name: 'one',
        sdl: 'type Query { name: String }',
        resolvers: { Query: { name: () => 'one' } },
      }),
    );
    const environment = { GATEWAY_HTTP_DRAIN_MS: '2000' };
    const gateway = stack.add('gateway', startGatewayProcess({ schemas: [subgraph.schema], environment }));
    const { url, admin } = await gateway.serving;
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
          count(await ask(url));
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
    expect(await ask(url)).toBe('ECONNREFUSED');
  } finally {
    await stack.close();
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
