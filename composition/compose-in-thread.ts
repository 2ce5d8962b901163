import { Worker } from 'node:worker_threads';
import type { Composition, SubgraphSchema } from './compose.ts';

/**
 * Composes in a thread of its own, which ends with it: composing two thousand types takes seconds, and what it leaves in memory
 * goes with the thread.
 *
 * @throws when the thread ends without a result, such as for want of memory
 */
export function composeInThread(schemas: readonly SubgraphSchema[]): Promise<Composition> {
  const worker = new Worker(new URL('./compose-worker.ts', import.meta.url), { workerData: schemas });
  return new Promise<Composition>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('The thread that composes has ended without a result.')));
  });
}
