import type { OverrideRow } from '../storage/overrides.ts';
import type { JudgedChange } from './check-record.ts';
import { describeOperation, describeOverride, findOverride } from './judge-changes.ts';
import type { Replay } from './replay-operations.ts';

/** Of an operation that is no longer valid; its coordinate is the hash of the operation. */
export const OPERATION_INVALID = 'OPERATION_INVALID';

/**
 * What a replay shows beside the changes. An operation that is no longer valid fails the check unless a change tells of it
 * already: that one has been judged, or let through.
 *
 * @param hit the hashes of operations that some change tells of
 */
export function judgeReplay(
  { invalid, unplanned, grown }: Replay,
  hit: ReadonlySet<string>,
  overrides: readonly OverrideRow[],
): JudgedChange[] {
  return [
    ...invalid.flatMap(({ operation, message }): JudgedChange[] => {
      const [code, coordinate] = [OPERATION_INVALID, operation.hash];
      if (hit.has(coordinate)) return [];
      const allowed = findOverride(overrides, code, coordinate);
      const what = `${describeOperation(operation)} is no longer valid: ${message}`;
      return allowed === undefined
        ? [{ severity: 'FAILURE', code, coordinate, description: what }]
        : [{ severity: 'NOTICE', code, coordinate, description: `${what}; ${describeOverride(allowed)}` }];
    }),
    ...unplanned.map(({ operation, message }) => ({
      severity: 'NOTICE' as const,
      code: 'OPERATION_NOT_PLANNED',
      coordinate: operation.hash,
      description: `${describeOperation(operation)} can no longer be planned: ${message}`,
    })),
    ...grown.map(({ operation, before, after }) => ({
      severity: 'NOTICE' as const,
      code: 'OPERATION_FETCHES_MORE',
      coordinate: operation.hash,
      description: `${describeOperation(operation)} takes ${after} fetches from subgraphs instead of ${before}`,
    })),
  ];
}
