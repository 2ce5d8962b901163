import { randomUUID } from 'node:crypto';
import type { Log } from '../service/logs.ts';

/**
 * Logs a fault of the registry whole. What it says may be of the database, of files or of others: nobody is shown that.
 *
 * @param what failed, for the log
 * @returns what is shown instead, with an id that is in the log too
 */
export function concealFault(log: Log, error: unknown, what: string): string {
  const fault = randomUUID();
  log.error({ err: error, fault }, what);
  return `The registry failed at this, by a fault of its own. Its log says more, under the id ${fault}.`;
}
