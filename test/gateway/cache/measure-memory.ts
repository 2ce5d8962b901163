import { setImmediate as turn } from 'node:timers/promises';
import { createMemoryLevel } from '../../../gateway/cache/memory-level.ts';
import { entryOf } from './one-gateway.ts';

/**
 * A process of its own, whose memory is nobody else's: fills a level several times over with distinct keys, as a stream of requests
 * would, and prints what it takes. Arguments: bytes of the level, bytes of a body, tags of an entry, and `text` for
 * bodies that are one.
 */
const [maxBytes = 0, bodyBytes = 0, tags = 0] = process.argv.slice(2).map(Number);
const isText = process.argv[5] === 'text';
const { gc } = globalThis;
if (gc === undefined) throw new Error('run it with --expose-gc');

/** What is left when nothing more goes. Buffers go beside the collection: it has to be let, more than once. */
async function measure(): Promise<number> {
  for (let least = Number.POSITIVE_INFINITY, same = 0; ; ) {
    gc?.();
    await turn();
    const { heapUsed, external } = process.memoryUsage();
    const taken = heapUsed + external;
    same = taken < least - 10_000 ? 0 : same + 1;
    least = Math.min(least, taken);
    if (same === 5) return least;
  }
}

function fill(maxBytes: number): ReturnType<typeof createMemoryLevel> {
  const memory = createMemoryLevel(maxBytes);
  for (let bytes = 0, count = 0; bytes < 3 * maxBytes; count++) {
    const names = Array.from({ length: tags }, (_, tag) => `Product:{"id":"${count}-${tag}"}`);
    const body = Buffer.alloc(bodyBytes, 'x');
    const entry = entryOf('', 1_764_000_000_000_000 + count, {
      tags: names,
      body: isText ? body.toString() : body,
    });
    memory.set(`${'k'.repeat(30)}${count}`.padEnd(43, 'k'), entry);
    bytes += bodyBytes + 1_000;
  }
  return memory;
}

// What is made once is there before: code, and what measuring takes.
fill(maxBytes / 4);
await measure();
const before = await measure();
const memory = fill(maxBytes);
const taken = (await measure()) - before;
console.log(JSON.stringify({ taken, reckoned: memory.bytes(), count: memory.count() }));
