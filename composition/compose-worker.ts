import { parentPort, workerData } from 'node:worker_threads';
import { compose, type SubgraphSchema } from './compose.ts';

/** The thread of one composition. See `compose-in-thread.ts`. */

parentPort?.postMessage(compose(workerData as readonly SubgraphSchema[]));
