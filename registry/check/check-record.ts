import type { CompositionError } from '../../composition/compose.ts';
import type { Diagnostic } from '../schema/lint.ts';
import { type ListedCheck, readCheckRow } from '../storage/checks.ts';
import type { Query } from '../storage/query.ts';

/** A check that was run. */
export interface CheckRecord {
  readonly id: string;
  readonly status: CheckStatus;
  readonly tasks: readonly CheckTask[];
}

export type CheckStatus = 'PASSED' | 'FAILED';

/** What one part of a check came to. Where there is no supergraph, only `composition` and `lint` are there. */
export type CheckTask =
  | {
      readonly kind: 'composition';
      /** Whether the supergraph differs at all, also where clients do not see it. */
      readonly coreSchemaModified: boolean;
      readonly errors: readonly CompositionError[];
    }
  | {
      readonly kind: 'operations';
      /** How many different operations the changes were compared with. */
      readonly checkedOperations: number;
      /** Those that fail first. */
      readonly changes: readonly JudgedChange[];
      /** How many of those that use what changes were too many to be looked at; what they use counts. */
      readonly leftOut: number;
      /** Of these operations: how many were planned again, and how many there was no time for. */
      readonly replayed: number;
      readonly notReplayed: number;
    }
  | {
      readonly kind: 'lint';
      /** The text that the diagnostics are of; empty where there are none. */
      readonly sdl: string;
      readonly diagnostics: readonly Diagnostic[];
    }
  | { readonly kind: 'downstream'; readonly results: readonly DownstreamResult[] };

/** A change, and whether the check fails for it. */
export interface JudgedChange {
  readonly severity: 'NOTICE' | 'FAILURE';
  readonly code: string;
  /** A schema coordinate, or the hash of an operation. */
  readonly coordinate: string;
  readonly description: string;
}

/** What a change means for a contract that is made of the variant. */
export interface DownstreamResult {
  readonly variant: string;
  readonly fails: boolean;
  readonly errors: readonly CompositionError[];
}

/** Whether a part of a check fails it. */
export function isFailed(task: CheckTask): boolean {
  switch (task.kind) {
    case 'composition':
      return task.errors.length > 0;
    case 'operations':
      return task.changes.some(({ severity }) => severity === 'FAILURE');
    case 'lint':
      return task.diagnostics.some(({ level }) => level === 'ERROR');
    case 'downstream':
      return task.results.some(({ fails }) => fails);
  }
}

const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Reads a check of a graph; what is no id of one is found nowhere. */
export async function readCheck(
  query: Query,
  graphId: string,
  id: string,
): Promise<(CheckRecord & ListedCheck) | undefined> {
  const row = ID.test(id) ? await readCheckRow(query, graphId, id) : undefined;
  // A check is written when it is done, by `submitCheck` alone.
  if (row === undefined) return undefined;
  const { result, ...listed } = row;
  return { ...listed, status: listed.status as CheckStatus, tasks: result as readonly CheckTask[] };
}
