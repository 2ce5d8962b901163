import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { startRegistryProcess } from '../registry/support/registry-process.ts';
import { largeGraph } from '../support/large-graph.ts';

/**
 * How long a publish of one of 50 subgraphs with 2,000 types in all takes, from the request to the answer: parsing, composing, the
 * changes for clients, one transaction. On a real registry process and a real Postgres:
 *
 *     DATABASE_URL=postgres://… node test/bench/registry-publish.ts [PUBLISHES]
 *
 * Ends with 1 when one takes longer than the five seconds that it may.
 */

const SUBGRAPHS = 50;
const TYPES = 2_000;
const TARGET_MS = 5_000;
const PUBLISHES = Number(process.argv[2] ?? 10);

const server = process.env.DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres';
const administration = new Client({ connectionString: server });
await administration.connect();
const name = `tributary_bench_${randomUUID().replaceAll('-', '')}`;
await administration.query(`create database ${name}`);
try {
  const url = new URL(server);
  url.pathname = `/${name}`;
  const registry = await startRegistryProcess({ DATABASE_URL: url.href });
  try {
    const graph = largeGraph(TYPES, 'extra', SUBGRAPHS);
    // While one is wrong by itself, the others are not composed with it: that would take minutes.
    const last = graph.at(-1)?.name ?? '';
    await registry.publish(last, 'type Query { wrong: Nothing }');
    for (const subgraph of graph) await registry.publish(subgraph.name, subgraph.sdl);

    const times: number[] = [];
    for (let number = 0; number < PUBLISHES; number++) {
      // The first has the type whose field is another each time.
      const [changed] = largeGraph(TYPES, `extra${number}`, SUBGRAPHS);
      if (changed === undefined) throw new TypeError('there is no subgraph');
      const at = performance.now();
      await registry.publish(changed.name, changed.sdl);
      times.push(performance.now() - at);
    }
    times.sort((a, b) => a - b);
    const [median = 0, longest = 0] = [times[Math.floor(times.length / 2)], times.at(-1)];
    console.log(`${PUBLISHES} publishes of one of them: median ${seconds(median)}, longest ${seconds(longest)}`);
    if (longest > TARGET_MS) process.exitCode = 1;
  } finally {
    await registry.close();
  }
} finally {
  await administration.query(`drop database ${name} with (force)`);
  await administration.end();
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(2)} s`;
}
