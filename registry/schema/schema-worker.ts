import { answerTasks } from '../../service/thread-task.ts';
import type { SchemaTask } from './schema-threads.ts';

/** A thread that compares supergraphs. See `schema-threads.ts`. */

answerTasks(async (task: SchemaTask) => {
  // Only now, after it has given way: loading Apollo's part takes as long as comparing small graphs.
  const { compareContract, compareSupergraphs } = await import('./compare-supergraphs.ts');
  return task.kind === 'compare'
    ? compareSupergraphs(task.before, task.after)
    : compareContract(task.source, task.filter, task.before);
});
