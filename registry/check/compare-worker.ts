import { answerTasks } from '../../service/thread-task.ts';
import type { CompareTask } from './compare-threads.ts';

/** A thread that compares supergraphs. See `compare-threads.ts`. */

answerTasks(async (task: CompareTask) => {
  // Each only now, after it has given way: loading Apollo's part takes as long as comparing small graphs.
  switch (task.kind) {
    case 'supergraph': {
      const { compareSupergraphs } = await import('./compare-supergraphs.ts');
      return compareSupergraphs(task.before, task.after);
    }
    case 'contract': {
      const { compareContract } = await import('./compare-supergraphs.ts');
      return compareContract(task.source, task.filter, task.before);
    }
    case 'judge': {
      const { judgeChanges } = await import('./judge-changes.ts');
      return judgeChanges(task.changes, task.usage, task.overrides);
    }
    case 'operations': {
      const { toApiSchema } = await import('../../composition/api-schema.ts');
      const { validateOperations } = await import('./validate-operations.ts');
      return validateOperations(toApiSchema(task.supergraph), task.operations);
    }
  }
});
