import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import { basename } from 'node:path';

/**
 * A third of the weight of a thread of ordinary priority. With a tenth, ten reloads of a small graph did not end in half a
 * minute at a load of eleven on two cores.
 */
const NICENESS = 5;

/**
 * Makes this worker thread give way: where there are more threads to run than cores, those that answer requests run first.
 * Measured on two cores that were busy with others' work too, the main thread waited for a core for up to 0.2 s before. Linux alone has priorities of threads; elsewhere nothing happens.
 */
export function giveWayToOtherThreads(): void {
  try {
    // The link is `PID/task/TID`; Node has no name for a thread that the system knows.
    setPriority(Number(basename(readlinkSync('/proc/thread-self'))), NICENESS);
  } catch {
    // Not Linux, or a sandbox that forbids it: it works as well, only less smoothly.
  }
}
