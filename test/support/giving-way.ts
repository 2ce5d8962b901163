import { readlinkSync } from 'node:fs';
import { getPriority } from 'node:os';
import { basename } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { giveWayToOtherThreads } from '../../service/thread-priority.ts';

/** A worker thread that tells its priority after it has given way. */

giveWayToOtherThreads();
parentPort?.postMessage(getPriority(Number(basename(readlinkSync('/proc/thread-self')))));
