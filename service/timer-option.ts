import { z } from 'zod';

/** The longest that a timer of Node runs, in milliseconds (24 days): one that is set for longer ends at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** An option for how long a timer runs, in milliseconds. */
export function timerMs() {
  return z.int().max(LONGEST_MS, `must be at most ${LONGEST_MS} (24 days): no timer runs longer`);
}
