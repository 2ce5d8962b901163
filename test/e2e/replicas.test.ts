import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ClosingStack } from '../../service/run.ts';
import { startProcess, type TestProcess } from '../support/process.ts';
import { type Answer, startTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { until } from '../support/until.ts';

/** One of two replicas, a process of its own. */
interface Replica {
  readonly process: TestProcess;
  readonly port: number;
}

const SUBGRAPH = {
  name: 'numbers',
  url: 'http://127.0.0.1:1/graphql',
  sdl: 'type Query { double(number: Int!): Int } type Mutation { add(number: Int!): Int }',
};

/** What became of a number of requests. */
interface Tally {
  right: number;
  /** An error that names the subgraph, and no data. */
  failed: number;
  wrong: unknown[];
}

describe('replicas of a subgraph', () => {
  let stack: ClosingStack;
  let replicas: Replica[];
  let gateway: TestGateway;

  beforeEach(() => {
    stack = new ClosingStack();
  });
  afterEach(() => stack.close());

  async function startReplica(port = 0): Promise<Replica> {
    const process = stack.add('replica', startProcess('test/support/replica-process.ts', { args: [String(port)] }));
    const line = await process.output.find(/^listening \d+$/);
    return { process, port: Number(line.split(' ')[1]) };
  }

  async function start(count: number, environment: Record<string, string> = {}): Promise<void> {
    replicas = await Promise.all(Array.from({ length: count }, () => startReplica()));
    const urls = replicas.map(({ port }) => `http://127.0.0.1:${port}/graphql`).join();
    gateway = stack.add(
      'gateway',
      await startTestGateway([SUBGRAPH], {
        GATEWAY_UPSTREAM_NUMBERS_URLS: urls,
        GATEWAY_SHARING_CALLS: 'false',
        ...environment,
      }),
    );
  }

  const double = (number: number) =>
    gateway.query('query ($number: Int!) { double(number: $number) }', { variables: { number } });
  const add = (number: number) =>
    gateway.query('mutation ($number: Int!) { add(number: $number) }', { variables: { number } });

  /** Keeps so many requests under way until there were `count`, and does something when half of them have begun. */
  async function load(
    count: number,
    ask: (number: number) => Promise<Answer>,
    expected: (number: number) => Answer['body']['data'],
    halfway: () => unknown,
  ): Promise<Tally> {
    const tally: Tally = { right: 0, failed: 0, wrong: [] };
    let next = 0;
    await Promise.all(
      Array.from({ length: 16 }, async () => {
        for (let number = next++; number < count; number = next++) {
          if (number === Math.floor(count / 2)) await halfway();
          const { body } = await ask(number);
          if (JSON.stringify(body) === JSON.stringify({ data: expected(number) })) tally.right++;
          else if (isReported(body)) tally.failed++;
          else tally.wrong.push(body);
        }
      }),
    );
    return tally;
  }

  function isReported({ errors = [] }: Answer['body']): boolean {
    return (
      errors.length > 0 &&
      errors.every(
        ({ message, extensions }) => message.includes('"numbers"') && String(extensions.code).startsWith('SUBGRAPH_'),
      )
    );
  }

  const doubled = (number: number) => ({ double: 2 * number });

  it('lose no read when one of them is killed, nor when it is there again', async () => {
    await start(2);
    const [first] = replicas;
    const killed = await load(1_000, double, doubled, () => first?.process.kill('SIGKILL'));
    expect(killed).toEqual({ right: 1_000, failed: 0, wrong: [] });
    const back = await load(400, double, doubled, () => startReplica(first?.port));
    expect(back).toEqual({ right: 400, failed: 0, wrong: [] });
  });

  it('do each mutation once at most when one of them is killed, and each that was not done is told', async () => {
    await start(2);
    const done = async () => {
      const all = await Promise.all(
        replicas.map(({ port }) =>
          fetch(`http://127.0.0.1:${port}/`).then(
            (response) => response.json(),
            () => [],
          ),
        ),
      );
      return all.flat() as number[];
    };
    const before: number[] = [];
    const tally = await load(
      1_000,
      add,
      (number) => ({ add: number }),
      async () => {
        const [first] = replicas;
        before.push(...((await (await fetch(`http://127.0.0.1:${first?.port}/`)).json()) as number[]));
        first?.process.kill('SIGKILL');
      },
    );
    expect(tally.wrong).toEqual([]);
    expect(tally.right + tally.failed).toBe(1_000);
    // Only what was under way at the one that is gone may be in doubt.
    expect(tally.failed).toBeLessThanOrEqual(16);
    const all = [...before, ...(await done())];
    expect(new Set(all).size).toBe(all.length);
  });

  it('lose no read when one of them stands still, and it gets its share again when it goes on', async () => {
    await start(2, { GATEWAY_UPSTREAM_DEFAULTS_RETRY_TRY_TIMEOUT_MS: '300' });
    const [first] = replicas;
    await load(200, double, doubled, () => undefined);
    const paused = await load(400, double, doubled, () => first?.process.kill('SIGSTOP'));
    expect(paused).toEqual({ right: 400, failed: 0, wrong: [] });
    first?.process.kill('SIGCONT');
    const goneOn = await load(200, double, doubled, () => undefined);
    expect(goneOn).toEqual({ right: 200, failed: 0, wrong: [] });
  });

  it('are asked for nothing, mutations included, while checks find that they stand still', async () => {
    await start(2, {
      GATEWAY_UPSTREAM_NUMBERS_HEALTH_IS_ENABLED: 'true',
      GATEWAY_UPSTREAM_NUMBERS_HEALTH_INTERVAL_MS: '50',
    });
    const [first] = replicas;
    const isHealthy = async () => {
      const { subgraphs } = (await (await fetch(`${gateway.adminUrl}/upstreams`)).json()) as {
        subgraphs: { numbers?: { readonly isHealthy: boolean }[] };
      };
      return subgraphs.numbers?.[0]?.isHealthy;
    };
    first?.process.kill('SIGSTOP');
    await until(async () => (await isHealthy()) === false);
    const added = await load(
      100,
      add,
      (number) => ({ add: number }),
      () => undefined,
    );
    expect(added).toEqual({ right: 100, failed: 0, wrong: [] });
    first?.process.kill('SIGCONT');
    await until(isHealthy);
    expect(await load(100, double, doubled, () => undefined)).toEqual({ right: 100, failed: 0, wrong: [] });
  });

  it('are told to be away when all are, within the deadline, and are asked again when one is back', async () => {
    await start(2, {
      GATEWAY_UPSTREAM_DEFAULTS_TIMEOUT_MS: '3000',
      GATEWAY_UPSTREAM_DEFAULTS_BREAKER_MAX_OPEN_MS: '1000',
    });
    const [first] = replicas;
    for (const { process } of replicas) process.kill('SIGKILL');
    const { right, wrong } = await load(300, double, doubled, () => undefined);
    expect({ right, wrong }).toEqual({ right: 0, wrong: [] });
    // The breakers are open by now: nobody waits for what is known to be away.
    expect((await double(1)).body.errors?.[0]?.extensions.code).toBe('SUBGRAPH_CIRCUIT_OPEN');
    await startReplica(first?.port);
    await until(async () => (await double(2)).body.data?.double === 4);
  });
});
