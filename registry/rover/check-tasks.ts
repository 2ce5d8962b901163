import type { CheckTask, JudgedChange } from '../check/check-record.ts';
import type {
  CheckWorkflowTaskStatus,
  CompositionCheckTask,
  CustomCheckTask,
  DownstreamCheckTask,
  LintCheckTask,
  OperationsCheckTask,
} from './generated.ts';
import { toLintResult } from './lint.ts';

type ShownTask = Required<
  CompositionCheckTask | CustomCheckTask | DownstreamCheckTask | LintCheckTask | OperationsCheckTask
>;

/** The tasks of a check in the five of rover's seven kinds that the registry has. */
export function toCheckTasks(tasks: readonly CheckTask[], targetURL: string): ShownTask[] {
  return tasks.map((task) => toShownTask(task, targetURL));
}

function toShownTask(task: CheckTask, targetURL: string): ShownTask {
  switch (task.kind) {
    case 'composition':
      return {
        ...{ __typename: 'CompositionCheckTask', status: statusOf(task.errors.length > 0), targetURL },
        coreSchemaModified: task.coreSchemaModified,
        result: { errors: task.errors },
      };
    case 'operations': {
      const fails = task.changes.some(({ severity }) => severity === 'FAILURE');
      return {
        ...{ __typename: 'OperationsCheckTask', status: statusOf(fails), targetURL },
        result: {
          checkSeverity: fails ? 'FAILURE' : 'NOTICE',
          numberOfCheckedOperations: task.checkedOperations,
          // Rover shows no coordinates, and an override is for one.
          changes: task.changes.map((change) => ({ ...change, description: describe(change) })),
        },
      };
    }
    case 'lint': {
      const result = toLintResult(task.diagnostics, task.sdl);
      return {
        ...{ __typename: 'LintCheckTask', status: statusOf(result.stats.errorsCount > 0), targetURL },
        result,
      };
    }
    case 'downstream':
      return {
        ...{ __typename: 'DownstreamCheckTask', status: statusOf(task.results.some(({ fails }) => fails)), targetURL },
        results: task.results.map(({ variant, fails }) => ({
          downstreamVariantName: variant,
          failsUpstreamWorkflow: fails,
        })),
      };
  }
}

function describe({ description, coordinate }: JudgedChange): string {
  return coordinate === '' ? description : `${description} [${coordinate}]`;
}

function statusOf(fails: boolean): CheckWorkflowTaskStatus {
  return fails ? 'FAILED' : 'PASSED';
}
