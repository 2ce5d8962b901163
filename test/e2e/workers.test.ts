import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ClosingStack } from '../../service/run.ts';
import { type ControlledSubgraph, startControlledSubgraph } from '../support/controlled-subgraph.ts';
import { startProcess, type TestProcess } from '../support/process.ts';
import { composeOrThrow } from '../support/test-gateway.ts';
import { until } from '../support/until.ts';

interface Serving {
  readonly url: string;
  readonly admin: string;
}

interface Ready {
  readonly status: string;
  readonly serving: number;
  readonly workers: readonly { readonly worker: number; readonly status: number }[];
}

describe('several processes on one port', () => {
  let stack: ClosingStack;
  let folder: string;
  let subgraph: ControlledSubgraph;

  beforeEach(async () => {
    stack = new ClosingStack();
    folder = mkdtempSync(join(tmpdir(), 'tributary-workers-'));
    subgraph = stack.add(
      'subgraph',
      await startControlledSubgraph({
        name: 'one',
        sdl: 'type Query { name: String }',
        resolvers: { Query: { name: () => 'one' } },
      }),
    );
    writeFileSync(join(folder, 'supergraph.graphql'), composeOrThrow([subgraph.schema]));
    writeFileSync(join(folder, 'gateway.yaml'), '');
  });
  afterEach(async () => {
    await stack.close();
    rmSync(folder, { recursive: true });
  });

  const start = (environment: Record<string, string> = {}): TestProcess =>
    stack.add(
      'gateway',
      startProcess('gateway/main.ts', {
        args: [
          ...['--config', join(folder, 'gateway.yaml'), '--supergraph', join(folder, 'supergraph.graphql')],
          ...['--listen', '0', '--workers', '2'],
        ],
        environment: { GATEWAY_ADMIN_PORT: '0', GATEWAY_WORKERS_RESTART_DELAY_MS: '50', ...environment },
      }),
    );
  const serving = async (process: TestProcess): Promise<Serving> =>
    JSON.parse(await process.output.find(/"workers":2.*the gateway is serving/)) as Serving;
  const ready = async ({ admin }: Serving) => (await (await fetch(`${admin}/ready`)).json()) as Ready;
  const workersOf = async (at: Serving) => (await ready(at)).workers.map(({ worker }) => worker).sort();

  async function ask({ url }: Serving): Promise<unknown> {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ name }"}',
    });
    return response.json();
  }

  it('answer, and go on when one is killed, which comes back', async () => {
    const at = await serving(start({ GATEWAY_WORKERS_STATE: 'local' }));
    const before = await workersOf(at);
    expect(before).toHaveLength(2);
    const [victim = 0] = before;
    process.kill(victim, 'SIGKILL');
    await until(async () => !(await workersOf(at)).includes(victim));
    expect(await ask(at)).toEqual({ data: { name: 'one' } });
    await until(async () => (await workersOf(at)).length === 2);
    expect(await ask(at)).toEqual({ data: { name: 'one' } });
  });

  it('are replaced one after the other by SIGHUP, and no answer is lost', async () => {
    const gateway = start({ GATEWAY_WORKERS_STATE: 'local' });
    const at = await serving(gateway);
    const before = await workersOf(at);
    let isOver = false;
    const answers: unknown[] = [];
    const load = Promise.all(
      [1, 2].map(async () => {
        while (!isOver) answers.push(await ask(at));
      }),
    );
    gateway.kill('SIGHUP');
    await gateway.output.find(/all workers were replaced/);
    isOver = true;
    await load;
    expect(answers.filter((answer) => JSON.stringify(answer) !== '{"data":{"name":"one"}}')).toEqual([]);
    const after = await workersOf(at);
    expect(after).toHaveLength(2);
    expect(after.filter((worker) => before.includes(worker))).toEqual([]);
  });

  it('reload and void together, acknowledged when all have', async () => {
    const environment = {
      GATEWAY_WORKERS_STATE: 'local',
      GATEWAY_CACHE_INVALIDATION_KEY: 'a key of sixteen characters',
    };
    const { admin } = await serving(start(environment));
    const post = async (path: string, key: string) => {
      const response = await fetch(`${admin}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body: path === '/reload' ? '' : '[{"kind":"subgraph","subgraph":"one"}]',
      });
      const { workers } = (await response.json()) as Ready;
      return [response.status, ...workers.map(({ status }) => status)];
    };
    expect(await post('/reload', '')).toEqual([200, 200, 200]);
    expect(await post('/invalidate', 'a key of sixteen characters')).toEqual([200, 200, 200]);
    expect(await post('/invalidate', 'another')).toEqual([401, 401, 401]);
  });

  it('end with SIGTERM, all of them, also when it comes from a supervisor to each', async () => {
    const gateway = start({ GATEWAY_WORKERS_STATE: 'local' });
    const workers = await workersOf(await serving(gateway));
    for (const worker of [gateway.processId, ...workers]) process.kill(worker, 'SIGTERM');
    expect(await gateway.exitCode).toBe(0);
    for (const worker of workers) expect(() => process.kill(worker, 0)).toThrow('ESRCH');
  });

  it('do not start where limits would not be shared and nobody said that they need not be', async () => {
    const gateway = start();
    expect(await gateway.exitCode).toBe(1);
    expect(gateway.output.all.join('\n')).toMatch(/workers\.count.*REDIS_URL.*workers\.state: local/);
  });
});
