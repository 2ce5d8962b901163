import { answerTasks } from '../service/thread-task.ts';
import type { SubgraphSchema } from './compose.ts';

/** A thread that composes. See `compose-in-thread.ts`. */

answerTasks(async (schemas: readonly SubgraphSchema[]) => {
  // Only now, after it has given way: loading Apollo's composition takes as long as composing a small graph.
  const { compose } = await import('./compose.ts');
  return compose(schemas);
});
