import { createThreadPool, type ThreadPool, type ThreadPoolOptions } from '../service/thread-pool.ts';
import type { Composition, SubgraphSchema } from './compose.ts';

/** Threads that compose; for whoever composes again and again. */
export type Composer = ThreadPool<readonly SubgraphSchema[], Composition>;

/** Threads are reused while there is work, and end when there is none: loading what composes takes as long as composing a small graph. */
export function createComposer(options: Omit<ThreadPoolOptions, 'worker'>): Composer {
  return createThreadPool({ ...options, worker: new URL('./compose-worker.ts', import.meta.url) });
}

/** Longer than any graph takes; `setTimeout` takes no more. */
const ANY_TIME_MS = 2 ** 31 - 1;

/**
 * Composes in a thread of its own, which ends with it: composing two thousand types takes seconds, and what it leaves in memory
 * goes with the thread.
 *
 * @throws when the thread ends without a result, such as for want of memory
 */
export async function composeInThread(schemas: readonly SubgraphSchema[]): Promise<Composition> {
  const composer = createComposer({ threads: 1, queueLength: 1, timeoutMs: ANY_TIME_MS });
  try {
    return await composer.run(schemas);
  } finally {
    await composer.close();
  }
}
