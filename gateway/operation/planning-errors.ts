import { PlanningRefusal } from '../../planning/planning-refusal.ts';
import { GatewayError } from '../errors.ts';

/** Words a refusal of the planner's threads for the client; any other error stays what it is, a fault. */
export function explainRefusal(error: unknown): unknown {
  if (!(error instanceof PlanningRefusal)) return error;
  const { bound } = error;
  switch (error.fault) {
    case 'too slow':
      return exceeded(error, 'planning.timeoutMs', `to validate or to plan it takes more than ${bound} ms`);
    case 'too many choices':
      return exceeded(error, 'planning.maxPaths', `there are more than ${bound} ways to fetch it`);
    case 'too large':
      return exceeded(
        error,
        'planning.heapMb',
        `to validate or to plan it takes more memory than there is (${bound} MB)`,
      );
    case 'queue full':
      return new GatewayError(
        'OVERLOADED',
        'Too many new operations wait to be planned, most of them yours. Try again in a moment.',
        { cause: error },
      );
    case 'waited too long':
      return new GatewayError(
        'OVERLOADED',
        'No thread came to plan this new operation in time. Try again in a moment.',
        {
          cause: error,
        },
      );
    case 'closed':
      return new GatewayError('OVERLOADED', 'The gateway is stopping. Try again in a moment.', { cause: error });
  }
}

function exceeded(cause: PlanningRefusal, limit: string, found: string): GatewayError {
  return new GatewayError('OPERATION_LIMIT_EXCEEDED', `The operation exceeds the limit ${limit}: ${found}.`, {
    cause,
    extensions: { limit, ...(cause.bound === undefined ? {} : { bound: cause.bound }) },
  });
}
