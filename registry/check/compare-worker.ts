import { answerTasks } from '../../service/thread-task.ts';
import type { CompareTask } from './compare-threads.ts';

/** A thread that compares supergraphs. See `compare-threads.ts`. */

answerTasks(async (task: CompareTask) => {
  if (task.kind === 'operations') {
    const { toApiSchema } = await import('../../composition/api-schema.ts');
    const { validateOperations } = await import('./validate-operations.ts');
    return validateOperations(toApiSchema(task.supergraph), task.operations);
  }
  // Only now, after it has given way: loading Apollo's part takes as long as comparing small graphs.
  const { compareContract, compareSupergraphs } = await import('./compare-supergraphs.ts');
  return task.kind === 'supergraph'
    ? compareSupergraphs(task.before, task.after)
    : compareContract(task.source, task.filter, task.before);
});
