import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type { OpenLoad, Pacing } from './open-loop.ts';

/**
 * The clock of the open-loop generator: a thread that sleeps on a futex until the next request is due. Timers of the event
 * loop would be up to a millisecond late, as long as a small answer takes, and later still while the loop is busy.
 */

interface Schedule {
  readonly origin: bigint;
  readonly rates: readonly number[];
  readonly seconds: number;
}

export interface Due {
  readonly stream: number;
  /** Milliseconds since the origin. */
  readonly due: number;
}

/** Everything that is due, in order. Streams of one rate do not fall on the same instant. */
export function* dues(rates: readonly number[], seconds: number): Generator<Due> {
  const next = rates.map((rate, stream) => (1_000 / rate) * ((stream + 1) / rates.length));
  for (;;) {
    const due = Math.min(...next);
    if (due > seconds * 1_000) return;
    const stream = next.indexOf(due);
    yield { stream, due };
    next[stream] = due + 1_000 / (rates[stream] ?? 1);
  }
}

const millisecondsSince = (origin: bigint) => Number(process.hrtime.bigint() - origin) / 1e6;

/** Real time, from a thread of its own. */
export function createPacing(): Pacing {
  const origin = process.hrtime.bigint();
  return {
    now: () => millisecondsSince(origin),
    run: ({ streams, seconds }: OpenLoad, onDue, stop) =>
      new Promise((resolve, reject) => {
        const rates = streams.map(({ rate }) => rate);
        const start = millisecondsSince(origin);
        const schedule: Schedule = { origin: origin + BigInt(Math.round(start * 1e6)), rates, seconds };
        const worker = new Worker(new URL(import.meta.url), { workerData: schedule });
        worker.on('message', ({ stream, due }: Due) => onDue(stream, start + due));
        worker.once('error', reject);
        worker.once('exit', () => resolve());
        stop?.addEventListener('abort', () => void worker.terminate());
      }),
  };
}

if (!isMainThread && (workerData as Schedule | null)?.rates !== undefined) {
  const { origin, rates, seconds } = workerData as Schedule;
  const cell = new Int32Array(new SharedArrayBuffer(4));
  for (const next of dues(rates, seconds)) {
    const wait = next.due - millisecondsSince(origin);
    if (wait > 0) Atomics.wait(cell, 0, 0, wait);
    parentPort?.postMessage(next);
  }
}
