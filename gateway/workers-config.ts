import { z } from 'zod';
import { timerMs } from '../service/timer-option.ts';

/** Several processes on one port. */
export const workersConfig = z.strictObject({
  count: z
    .int()
    .min(1)
    .max(256)
    .default(1)
    .describe('Processes that serve the same port. Limits of memory, connections and queues are of each of them.'),
  state: z
    .enum(['shared', 'local'])
    .default('shared')
    .describe(
      'With several: rate limits and the cache are `shared` through Redis, which has to be there; or `local` to each process, which then grants every client its limits again.',
    ),
  restartDelayMs: timerMs()
    .positive()
    .default(500)
    .describe(
      'How long a process that ended by itself stays away, in milliseconds; twice as long each time that it ends within a minute, up to half a minute.',
    ),
  startTimeoutMs: timerMs()
    .positive()
    .default(60_000)
    .describe('How long a process may take until it serves, in milliseconds, where another one makes place for it.'),
});
