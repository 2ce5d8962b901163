import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import type { SubgraphSchema } from '../../composition/compose.ts';
import { readSupergraphYaml } from '../../composition/supergraph-yaml.ts';
import { startGateway } from '../../gateway/app.ts';
import { gatewayConfig } from '../../gateway/config.ts';
import { readConfig } from '../../service/config.ts';
import { createLog } from '../../service/logs.ts';
import { largeGraph, largeGraphOperation } from '../support/large-graph.ts';
import { coldOperations } from './workloads/cold-operations.ts';
import { w1 } from './workloads/w1.ts';

/**
 * `node test/bench/stops.ts [--graph own,w1,large] [--reloads N] [--operations N]`
 *
 * How long the main thread of a gateway stands still because of a reload, and because of operations that it has not seen. The
 * gateway is in this process, its clients are not in this thread; the subgraphs are away.
 */

const { values: options } = parseArgs({
  options: {
    graph: { type: 'string', default: 'own,w1,large' },
    reloads: { type: 'string', default: '5' },
    operations: { type: 'string', default: '200' },
  },
});

interface Graph {
  readonly subgraphs: (extra: string) => Promise<readonly SubgraphSchema[]>;
  readonly operations: (count: number) => readonly string[];
}

const LARGE_TYPES = 2_000;

const GRAPHS: Readonly<Record<string, Graph>> = {
  own: {
    subgraphs: async (extra) => {
      const { subgraphs } = await readSupergraphYaml('supergraph.yaml', { environment: {} });
      return addField(subgraphs, extra);
    },
    operations: (count) =>
      Array.from(
        { length: count },
        (_, index) =>
          `query Own${index} { me { id email name a${index}: orders(first: ${1 + (index % 9)}) { id status total lines { quantity unitPrice product { id sku name price currency } } user { name } } } }`,
      ),
  },
  w1: {
    subgraphs: async (extra) =>
      addField(
        Object.entries(w1.subgraphs).map(([name, { sdl }]) => ({ name, url: `http://127.0.0.1:1/${name}`, sdl })),
        extra,
      ),
    operations: coldOperations,
  },
  large: {
    subgraphs: async (extra) => largeGraph(LARGE_TYPES, extra),
    operations: (count) => Array.from({ length: count }, (_, index) => largeGraphOperation(index * 7, LARGE_TYPES)),
  },
};

function addField([first, ...others]: readonly SubgraphSchema[], name: string): readonly SubgraphSchema[] {
  if (first === undefined) throw new TypeError('there is no subgraph');
  return [{ ...first, sdl: `${first.sdl}\nextend type Query { ${name}: Int }` }, ...others];
}

for (const name of options.graph.split(',')) {
  const graph = GRAPHS[name];
  if (graph === undefined) throw new TypeError(`there is no graph "${name}"; there are ${Object.keys(GRAPHS)}`);
  await measure(name, graph);
}

async function measure(name: string, graph: Graph): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'tributary-stops-'));
  const file = join(directory, 'supergraph.yaml');
  const write = async (extra: string) => {
    const subgraphs = await graph.subgraphs(extra);
    for (const subgraph of subgraphs) writeFileSync(join(directory, `${subgraph.name}.graphql`), subgraph.sdl);
    const entries = subgraphs.map(
      (subgraph) =>
        `  ${subgraph.name}:\n    routing_url: http://127.0.0.1:1\n    schema: { file: ${subgraph.name}.graphql }\n`,
    );
    writeFileSync(file, `subgraphs:\n${entries.join('')}`);
  };
  await write('before');
  const environment = {
    GATEWAY_HTTP_PORT: '0',
    GATEWAY_ADMIN_PORT: '0',
    GATEWAY_SUPERGRAPH_FILE: file,
    GATEWAY_SUPERGRAPH_POLL_INTERVAL_MS: '0',
  };
  const config = readConfig({ schema: gatewayConfig, prefix: 'GATEWAY', environment });
  const gateway = await startGateway(config, createLog('gateway', 'silent'));
  const rows: Record<string, unknown>[] = [];
  const observe = async (what: string, act: () => Promise<number>) => {
    const watch = watchStops();
    const began = performance.now();
    const done = await act();
    const each = (performance.now() - began) / done;
    const { longest, longestOwn } = watch.end();
    rows.push({
      what,
      'longest stop ms': longest.toFixed(1),
      'of its own ms': longestOwn.toFixed(1),
      'ms each': each.toFixed(1),
    });
  };

  await observe('quiet', async () => {
    await new Promise((resolve) => setTimeout(resolve, 500));
    return 1;
  });
  for (const round of ['first cold operations', 'cold operations']) {
    const count = Number(options.operations);
    const texts = graph
      .operations(2 * count)
      .slice(round.startsWith('first') ? 0 : count)
      .slice(0, count);
    await observe(round, () => ask(`${gateway.url}/graphql`, texts));
  }
  for (let number = 1; number <= Number(options.reloads); number++) {
    await write(number % 2 === 0 ? 'before' : 'after');
    await observe(`reload ${number}`, async () => {
      const outcome = await gateway.reload();
      if (outcome.outcome !== 'changed') throw new Error(JSON.stringify(outcome));
      return 1;
    });
  }
  await gateway.close();
  rmSync(directory, { recursive: true });
  console.log(`\n${name}`);
  console.table(rows);
}

/**
 * Watches how long the event loop stands still. Of its own are the stops without the time that the thread was ready to run and
 * had no core: on a machine that is shared, others are the reason for most of the long ones.
 */
function watchStops() {
  let longest = 0;
  let longestOwn = 0;
  let last = performance.now();
  let lastWaited = waitedForCore();
  const timer = setInterval(() => {
    const now = performance.now();
    const waited = waitedForCore();
    longest = Math.max(longest, now - last);
    longestOwn = Math.max(longestOwn, now - last - (waited - lastWaited));
    last = now;
    lastWaited = waited;
  }, 1);
  return {
    end: () => {
      clearInterval(timer);
      return { longest, longestOwn };
    },
  };
}

/** How long the main thread was ready to run without running, in milliseconds, as Linux counts it. */
function waitedForCore(): number {
  const [, waited = '0'] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ');
  return Number(waited) / 1e6;
}

/** Asks one after the other, from another thread. @returns how many were asked */
function ask(url: string, texts: readonly string[]): Promise<number> {
  const client = new Worker(
    `const { parentPort, workerData: { url, texts } } = require('node:worker_threads');
     (async () => {
       let refused;
       for (const query of texts) {
         const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query }) });
         const { data, errors } = await response.json();
         if (data === undefined) refused = JSON.stringify(errors);
       }
       parentPort.postMessage(refused);
     })();`,
    { eval: true, workerData: { url, texts } },
  );
  return new Promise((resolve, reject) => {
    client.once('message', (refused: string | undefined) =>
      refused === undefined ? resolve(texts.length) : reject(new Error(refused)),
    );
    client.once('error', reject);
  });
}
