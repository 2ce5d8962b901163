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
      return overloaded(error, 'Too many new operations wait to be planned, most of them yours.');
    case 'waited too long':
      return overloaded(error, 'No thread came to plan this new operation in time.');
    case 'closed':
      return overloaded(error, 'The gateway is stopping.');
  }
}

function overloaded(cause: PlanningRefusal, why: string): GatewayError {
  return new GatewayError('OVERLOADED', `${why} Try again in a moment.`, { cause });
}

function exceeded(cause: PlanningRefusal, limit: string, found: string): GatewayError {
  return new GatewayError('OPERATION_LIMIT_EXCEEDED', `The operation exceeds the limit ${limit}: ${found}.`, {
    cause,
    extensions: { limit, ...(cause.bound === undefined ? {} : { bound: cause.bound }) },
  });
}
