import { z } from 'zod';
import { timerMs } from '../service/timer-option.ts';

/** The options of checks. */
export const checkConfig = z.strictObject({
  usageWindowDays: z
    .int()
    .positive()
    .default(7)
    .describe(
      'How far back a check looks for operations where neither rover (`--validation-period`) nor the policy of the variant says so, in days.',
    ),
  keepDays: z.int().positive().default(90).describe('For how long a check can be looked at, in days.'),
  timeoutMs: timerMs()
    .positive()
    .default(60_000)
    .describe(
      'How long comparing two supergraphs may take, in milliseconds; then there is no check, and rover says so.',
    ),
  heapMb: z
    .int()
    .positive()
    .default(2_048)
    .describe(
      'Most memory of the thread that compares, of the one for client checks, and of each of those that plan, in megabytes; not more than two checks plan at a time.',
    ),
  replay: z
    .strictObject({
      operations: z
        .int()
        .min(0)
        .default(100)
        .describe(
          'How many of the most used operations a check validates and plans on the supergraph that would be; 0 for none.',
        ),
      budgetMs: timerMs()
        .positive()
        .default(8_000)
        .describe(
          'How long that may take, in milliseconds, with waiting for other checks that plan; the rest is left out, and the check says how many that are.',
        ),
    })
    .prefault({}),
});

export type CheckConfig = z.infer<typeof checkConfig>;
