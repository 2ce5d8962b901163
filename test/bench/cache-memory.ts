import { createMemoryLevel } from '../../gateway/cache/memory-level.ts';
import { entryOf } from '../gateway/cache/one-gateway.ts';
import { brief, table } from './tables.ts';

/**
 * `node --expose-gc test/bench/cache-memory.ts [KEYS] [MAX_BYTES]`: a stream of distinct keys, a million by default, into the memory of
 * the cache, and what it really takes after a full collection, ten times on the way. Ends with 1 when that was ever above its limit.
 */
const [keys = 1_000_000, maxBytes = 64_000_000] = process.argv.slice(2).map(Number);
const { gc } = globalThis;
if (gc === undefined || !(keys >= 1) || !(maxBytes >= 1))
  throw new TypeError('usage: node --expose-gc test/bench/cache-memory.ts [KEYS] [MAX_BYTES]');

const MEGABYTE = 1_000_000;
/** Of a small answer, an entity with many tags, a page; one in a hundred is large. */
const SIZES = [200, 400, 4_000];
const LARGE = 90_000;

function taken(): number {
  for (let count = 0; count < 3; count++) gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function put(memory: ReturnType<typeof createMemoryLevel>, from: number, to: number): void {
  for (let count = from; count < to; count++) {
    const size = count % 100 === 0 ? LARGE : (SIZES[count % SIZES.length] ?? 0);
    const names = Array.from({ length: 1 + (count % 8) }, (_, tag) => `Product:{"id":"${count}-${tag}"}`);
    memory.set(`response:${count}`.padEnd(52, 'k'), entryOf('x'.repeat(size), 1, { tags: names }));
  }
}

/** Once for nothing: compiled code and shapes are no part of it. In a function, because a module holds on to what it has made. */
function warmUp(): void {
  put(createMemoryLevel(maxBytes), 0, 20_000);
}

warmUp();
const before = taken();
const memory = createMemoryLevel(maxBytes);
const rows: { keys: number; entries: number; reckoned: number; held: number }[] = [];
const began = performance.now();
for (let part = 0; part < 10; part++) {
  put(memory, Math.round((part * keys) / 10), Math.round(((part + 1) * keys) / 10));
  rows.push({
    keys: Math.round(((part + 1) * keys) / 10),
    entries: memory.count(),
    reckoned: memory.bytes(),
    held: taken() - before,
  });
}
console.log(
  table(
    rows.map((row) => ({
      keys: row.keys,
      entries: row.entries,
      'reckoned MB': brief(row.reckoned / MEGABYTE),
      'held MB': brief(row.held / MEGABYTE),
    })),
  ),
);
console.log(`limit ${maxBytes / MEGABYTE} MB, ${Math.round((performance.now() - began) / 1_000)} s`);
// Far less would mean that it was not the entries that were measured.
if (rows.some(({ held, reckoned }) => held > maxBytes || held < reckoned / 3)) {
  console.error('It held more than its limit, or so little that something else was measured.');
  process.exitCode = 1;
}
