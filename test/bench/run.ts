import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compose } from '../../composition/compose.ts';
import { load, type Measure } from './load.ts';
import { type RunningTarget, startPinned, targetsFor } from './target.ts';
import { WORKLOADS } from './workloads/all.ts';
import type { Workload } from './workloads/workload.ts';

/**
 * `npm run bench -- [--workload w1,w2] [--rounds N] [--seconds N] [--connections N] [--vary] [--delay MS]`
 *
 * Measures gateways side by side: alternating rounds on the same machine in the same minutes, the gateway alone on one core,
 * subgraphs and load on the other, answers compared before and after each round. Only the ratios mean anything.
 */

const { values: options } = parseArgs({
  options: {
    workload: { type: 'string', default: 'w1,w2' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '4' },
    connections: { type: 'string', default: '50' },
    vary: { type: 'boolean', default: false },
    delay: { type: 'string', default: '0' },
  },
});

const GATEWAY_CORE = 0;
const LOAD_CORE = 1;

const directory = mkdtempSync(join(tmpdir(), 'tributary-bench-'));
try {
  for (const name of options.workload.split(',')) {
    const workload = WORKLOADS.get(name);
    if (workload === undefined)
      throw new TypeError(`there is no workload "${name}"; there are ${[...WORKLOADS.keys()].join(', ')}`);
    await measure(workload);
  }
} finally {
  rmSync(directory, { recursive: true });
}

async function measure(workload: Workload): Promise<void> {
  const flags = [...(options.vary ? ['--vary'] : []), '--delay', options.delay];
  const subgraphs = await startPinned(LOAD_CORE, {
    command: ['node', 'test/bench/subgraphs.ts', workload.name, ...flags],
    address: /listening (\d+)/,
  });
  const file = join(directory, `${workload.name}.graphql`);
  writeFileSync(file, composeFor(workload, Number(subgraphs.url)));

  const measures = new Map<string, Measure[]>();
  const fetches = new Map<string, number>();
  const memory = new Map<string, number>();
  let reference: string | undefined;
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const target of targetsFor(file)) {
      const running = await startPinned(GATEWAY_CORE, target);
      reference = await check(running, workload, reference, target.name);
      const loading = {
        url: running.url,
        query: workload.query,
        connections: Number(options.connections),
        core: LOAD_CORE,
        directory,
      };
      await load({ ...loading, seconds: 1 });
      await count(subgraphs.url);
      const measured = await load({ ...loading, seconds: Number(options.seconds) });
      const requests = measured.requestsPerSecond * Number(options.seconds);
      fetches.set(target.name, (await count(subgraphs.url)) / requests);
      memory.set(target.name, running.memoryMb());
      await check(running, workload, reference, target.name);
      measures.set(target.name, [...(measures.get(target.name) ?? []), measured]);
      await running.close();
    }
  }
  await subgraphs.close();
  report(workload, measures, fetches, memory);
}

function composeFor(workload: Workload, port: number): string {
  const composition = compose(
    Object.entries(workload.subgraphs).map(([name, { sdl }]) => ({
      name,
      url: `http://127.0.0.1:${port}/${name}`,
      sdl,
    })),
  );
  if ('errors' in composition) throw new Error(composition.errors.map(({ message }) => message).join('\n'));
  return composition.supergraphSdl;
}

/** A fast wrong answer is a bug: every target must give the same data. */
async function check(
  running: RunningTarget,
  { query }: Workload,
  reference: string | undefined,
  name: string,
): Promise<string> {
  const response = await fetch(running.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const { data, errors } = (await response.json()) as { data?: unknown; errors?: unknown };
  const text = JSON.stringify(data);
  if (errors !== undefined || data === undefined)
    throw new Error(`${name} answers with errors: ${JSON.stringify(errors)}`);
  if (reference !== undefined && text !== reference) throw new Error(`${name} answers otherwise than the first target`);
  return text;
}

async function count(port: string): Promise<number> {
  return Number(await (await fetch(`http://127.0.0.1:${port}/count`)).text());
}

function report(
  workload: Workload,
  measures: Map<string, Measure[]>,
  fetches: Map<string, number>,
  memory: Map<string, number>,
): void {
  const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
  const rates = new Map(
    [...measures].map(([name, rounds]) => [name, median(rounds.map(({ requestsPerSecond }) => requestsPerSecond))]),
  );
  const stock = rates.get('stock') ?? 1;
  console.log(
    `\n${workload.name} ${workload.title}${options.vary ? ', vary' : ''}${options.delay === '0' ? '' : `, delay ${options.delay} ms`}`,
  );
  console.table(
    [...measures].map(([name, rounds]) => {
      const all = rounds.map(({ requestsPerSecond }) => requestsPerSecond);
      return {
        target: name,
        'req/s': Math.round(rates.get(name) ?? 0),
        spread: `${Math.round(Math.min(...all))}–${Math.round(Math.max(...all))}`,
        '× stock': ((rates.get(name) ?? 0) / stock).toFixed(2),
        'p50 ms': median(rounds.map(({ p50 }) => p50)).toFixed(1),
        'p99 ms': median(rounds.map(({ p99 }) => p99)).toFixed(1),
        'fetches/req': (fetches.get(name) ?? 0).toFixed(1),
        'RSS MB': memory.get(name),
        failures: rounds.reduce((sum, { failures }) => sum + failures, 0),
      };
    }),
  );
}
