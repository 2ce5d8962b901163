import { createThreadPool } from '../service/thread-pool.ts';
import type { Composition, SubgraphSchema } from './compose.ts';

/** Longer than any graph takes; `setTimeout` takes no more. */
const ANY_TIME_MS = 2 ** 31 - 1;

/**
 * Composes in a thread of its own, which ends with it: composing two thousand types takes seconds, and what it leaves in memory
 * goes with the thread.
 *
 * @throws when the thread ends without a result, such as for want of memory
 */
export async function composeInThread(schemas: readonly SubgraphSchema[]): Promise<Composition> {
  const composer = createThreadPool<readonly SubgraphSchema[], Composition>({
    worker: new URL('./compose-worker.ts', import.meta.url),
    threads: 1,
    queueLength: 1,
    timeoutMs: ANY_TIME_MS,
  });
  try {
    return await composer.run(schemas);
  } finally {
    await composer.close();
  }
}
