import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ClosingStack } from '../../service/run.ts';
import { type ControlledSubgraph, startControlledSubgraph } from '../support/controlled-subgraph.ts';
import { type GatewayProcess, startGatewayProcess } from '../support/gateway-process.ts';
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
  let subgraph: ControlledSubgraph;

  beforeEach(async () => {
    stack = new ClosingStack();
    subgraph = stack.add(
      'subgraph',
      await startControlledSubgraph({
        name: 'one',
        sdl: 'type Query { name: String }',
        resolvers: { Query: { name: () => 'one' } },
      }),
    );
  });
  afterEach(() => stack.close());

  const start = (environment: Record<string, string> = {}): GatewayProcess =>
    stack.add(
      'gateway',
      startGatewayProcess({
        schemas: [subgraph.schema],
        workers: 2,
        environment: { GATEWAY_WORKERS_RESTART_DELAY_MS: '50', ...environment },
      }),
    );
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
    const at = await start({ GATEWAY_WORKERS_STATE: 'local' }).serving;
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
    const at = await gateway.serving;
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

  it('have metrics together: what each has counted is added up', async () => {
    const at = await start({ GATEWAY_WORKERS_STATE: 'local' }).serving;
    for (let time = 0; time < 20; time++) await ask(at);
    const { text, type } = await fetch(`${at.admin}/metrics`).then(async (response) => ({
      text: await response.text(),
      type: response.headers.get('content-type'),
    }));
    expect(type).toMatch(/^text\/plain; version=0\.0\.4/);
    const counts = [...text.matchAll(/^tributary_request_duration_seconds_count\{.*outcome="ok"\} (\d+)$/gm)];
    expect(counts.reduce((sum, [, count]) => sum + Number(count), 0)).toBe(20);
    // Neither of them is twice the graph that both serve.
    expect(text).toMatch(/^tributary_supergraph_is_latest 1$/m);
  });

  it('reload and void together, acknowledged when all have', async () => {
    const environment = {
      GATEWAY_WORKERS_STATE: 'local',
      GATEWAY_CACHE_INVALIDATION_KEY: 'a key of sixteen characters',
    };
    const { admin } = await start(environment).serving;
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
    const workers = await workersOf(await gateway.serving);
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
