import { parentPort, workerData } from 'node:worker_threads';
import { giveWayToOtherThreads } from '../service/thread-priority.ts';
import { compose, type SubgraphSchema } from './compose.ts';

/** The thread of one composition. See `compose-in-thread.ts`. */

giveWayToOtherThreads();
parentPort?.postMessage(compose(workerData as readonly SubgraphSchema[]));
