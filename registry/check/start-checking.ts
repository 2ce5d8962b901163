import { createPlannerPairs } from '../../planning/planner-pairs.ts';
import type { Running } from '../../service/run.ts';
import type { CheckConfig } from '../check-config.ts';
import type { Publishing } from '../publication/publishing.ts';
import { createComparing } from './compare-threads.ts';
import type { Checking } from './submit-check.ts';

/** How much the planner tries for one operation of a check, and how long: as a gateway does if nothing else is said. */
const PLANNING = { timeoutMs: 3_000, maxEvaluatedPlans: 10_000, maxPaths: 5_000 };

/** How many checks plan operations at a time: each has a thread with two supergraphs. */
const MOST_PLANNING = 2;

/** Readies what checks need; its threads start with the first check, and end when there was none for a while. */
export function startChecking(
  publishing: Publishing,
  { timeoutMs, heapMb, ...config }: CheckConfig,
  onCheck: Checking['onCheck'],
): Checking & Running {
  const comparing = createComparing({ threads: 1, queueLength: 100, timeoutMs, heapMb });
  const pairs = createPlannerPairs({ ...PLANNING, most: MOST_PLANNING, heapMb });
  return {
    ...{ publishing, comparing, pairs, onCheck, ...config },
    close: async () => {
      await Promise.all([comparing.close(), pairs.close()]);
    },
  };
}
