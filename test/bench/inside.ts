import { Session } from 'node:inspector/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { BroadcastChannel, isMainThread } from 'node:worker_threads';
import type { Inside } from './process.ts';

/**
 * `node --import` this, with an IPC channel, and the process tells its parent what it holds in memory, when asked. So the
 * gateway that is measured needs no door for it. Worker threads load this too, and tell their main thread.
 */

const MEGABYTE = 1_048_576;
/** So long a thread may take to collect its garbage and to tell. */
const THREADS_MS = 1_500;
/** How often they are asked again when none has told. */
const TRIES = 10;

const threads = new BroadcastChannel('tributary-bench');

/** What is held after a full collection, in megabytes. Two: what the first finalises, the second frees. */
function collect(): { readonly heapMb: number; readonly externalMb: number } {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  gc();
  gc();
  const { heapUsed, external } = process.memoryUsage();
  return { heapMb: heapUsed / MEGABYTE, externalMb: external / MEGABYTE };
}

/** The prototype of a class that extends one of these is found too, and has no size. */
const SUM_SIZES = `function () {
  let sum = 0;
  for (const one of this) try { sum += one.size; } catch {}
  return sum;
}`;

/** The entries of all objects with a `size` that have this prototype. */
async function countEntries(prototype: string): Promise<number> {
  const session = new Session();
  session.connect();
  try {
    const { result } = await session.post('Runtime.evaluate', { expression: prototype });
    const { objects } = await session.post('Runtime.queryObjects', { prototypeObjectId: result.objectId ?? '' });
    const counted = await session.post('Runtime.callFunctionOn', {
      objectId: objects.objectId ?? '',
      functionDeclaration: SUM_SIZES,
      returnByValue: true,
    });
    return counted.result.value as number;
  } finally {
    session.disconnect();
  }
}

function tellOfThreads(): Promise<number> {
  return new Promise((resolve) => {
    let sum = 0;
    threads.onmessage = (event: unknown) => {
      sum += (event as { data: number }).data;
    };
    threads.postMessage('tell');
    setTimeout(() => resolve(sum), THREADS_MS);
  });
}

if (isMainThread) {
  process.on('message', async () => {
    let plannerHeapMb = await tellOfThreads();
    // A thread that is in the middle of something long tells when that is done.
    for (let more = 0; plannerHeapMb === 0 && more < TRIES; more++) plannerHeapMb = await tellOfThreads();
    const inside: Inside = {
      ...collect(),
      plannerHeapMb,
      mapEntries: await countEntries('Map.prototype'),
      setEntries: await countEntries('Set.prototype'),
    };
    process.send?.(inside);
  });
  // A listener would keep the process alive.
  process.channel?.unref();
} else {
  threads.onmessage = () => threads.postMessage(collect().heapMb);
}
threads.unref();
