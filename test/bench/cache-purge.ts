import { subscribe } from 'node:diagnostics_channel';
import { setTimeout as pause } from 'node:timers/promises';
import type { StoreEvent } from '../../gateway/store/store-events.ts';
import { ClosingStack } from '../../service/run.ts';
import { entryOf, openOneGateway } from '../gateway/cache/one-gateway.ts';
import { startRedisServer } from '../support/redis-server.ts';
import { percentilesOf } from './percentiles.ts';
import { brief, table } from './tables.ts';

/**
 * `node test/bench/cache-purge.ts [ENTRIES]`: many entries in a Redis of its own, 100,000 by default, carry one tag. It is purged, again and
 * again, while fifty readers ask Redis for others. How many trips a purge takes, how long, and what the readers see of it, beside a
 * second without. Ends with 1 when a purge takes more than one trip, or voids too little or too much.
 */
const entries = Number(process.argv[2] ?? 100_000);
if (!(entries >= 1)) throw new TypeError('usage: node test/bench/cache-purge.ts [ENTRIES]');
const READERS = 50;
const PURGES = 40;
const OTHERS = 1_000;

const stack = new ClosingStack();
const calls = new Map<string, number>();
subscribe('gateway:store', (event) => {
  const told = event as StoreEvent;
  if (told.kind === 'call') calls.set(told.call, (calls.get(told.call) ?? 0) + 1);
});

try {
  const { url } = stack.add('redis', await startRedisServer());
  // No memory of its own: every read is one of Redis.
  const { levels, purges } = await openOneGateway(stack, { url, prefix: 'bench:', levels: { memoryBytes: 0 } });
  for (let count = 0; count < entries; count++) {
    levels.keep(`tagged:${count}`, entryOf('x'.repeat(200), purges.born(), { tags: ['popular', `one:${count}`] }));
    if (count % 5_000 === 0) await levels.flush();
  }
  for (let count = 0; count < OTHERS; count++)
    levels.keep(`other:${count}`, entryOf('x'.repeat(200), purges.born(), { tags: [`other:${count}`] }));
  await levels.flush();

  /** Reads for as long as `work` takes. @returns milliseconds each took */
  const readBeside = async (work: () => Promise<void>): Promise<readonly number[]> => {
    const times: number[] = [];
    let isDone = false;
    const readers = Array.from({ length: READERS }, async (_, reader) => {
      for (let count = reader; !isDone; count++) {
        const from = performance.now();
        await levels.read([`other:${count % OTHERS}`]);
        times.push(performance.now() - from);
      }
    });
    await work();
    isDone = true;
    await Promise.all(readers);
    return times;
  };
  const findAll = async (kind: string, count: number) => {
    let found = 0;
    for (let from = 0; from < count; from += 500) {
      const keys = Array.from({ length: Math.min(500, count - from) }, (_, index) => `${kind}:${from + index}`);
      found += (await levels.read(keys)).filter((one) => one !== undefined).length;
    }
    return found;
  };

  const before = await findAll('tagged', entries);
  const took: number[] = [];
  await readBeside(() => pause(1_000));
  const quiet = await readBeside(() => pause(2_000));
  calls.clear();
  const beside = await readBeside(async () => {
    for (let count = 0; count < PURGES; count++) {
      await pause(50);
      const from = performance.now();
      await purges.purge(['popular']);
      took.push(performance.now() - from);
    }
  });
  const trips = (calls.get('purge') ?? 0) / PURGES;
  const after = await findAll('tagged', entries);
  const others = await findAll('other', OTHERS);
  const row = (what: string, times: readonly number[]) => {
    const { count, p50, p90, p99, max } = percentilesOf(times);
    return { what, count, 'p50 ms': brief(p50), 'p90 ms': brief(p90), 'p99 ms': brief(p99), 'max ms': brief(max) };
  };
  console.log(
    table([row('reads, quiet', quiet), row('reads beside purges', beside), row(`a purge of ${entries} entries`, took)]),
  );
  const rest = [...calls].map(([call, count]) => `${call} ${count}`).join(', ');
  console.log(`${trips} trip for a purge; calls meanwhile: ${rest}`);
  console.log(`${before} of ${entries} were there, ${after} are; of the others ${others} of ${OTHERS}`);
  if (trips !== 1 || before !== entries || after !== 0 || others < OTHERS) process.exitCode = 1;
} finally {
  await stack.close();
}
