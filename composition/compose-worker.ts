import { parentPort, workerData } from 'node:worker_threads';
import { giveWayToOtherThreads } from '../service/thread-priority.ts';
import type { SubgraphSchema } from './compose.ts';

/** The thread of one composition. See `compose-in-thread.ts`. */

giveWayToOtherThreads();
// Only now: loading Apollo's composition takes as long as composing a small graph.
const { compose } = await import('./compose.ts');
parentPort?.postMessage(compose(workerData as readonly SubgraphSchema[]));
