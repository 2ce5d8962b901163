import type { FetchNode, PlanNode } from '../../planning/plan.ts';
import { GatewayError } from '../errors.ts';
import { readFetched } from './fetched.ts';
import type { Path } from './subgraph-error.ts';

/**
 * A plan as it is executed: each fetch with the paths of the objects it is for, and the branches of a parallel step that
 * are the same but for these paths made one. (The planner plans every place of the client's operation for itself, and so
 * asks one subgraph for the same fields of some users and, beside it, of some others: w1 sends 13 calls instead of 16.)
 */
export type Branch = FetchBranch | StepsBranch | ConditionBranch;

export interface FetchBranch {
  readonly kind: 'fetch';
  readonly node: FetchNode;
  /** From the root of the data; `@` is every item of a list. */
  readonly paths: readonly Path[];
}

export interface StepsBranch {
  readonly kind: 'sequence' | 'parallel';
  readonly steps: readonly Branch[];
}

export interface ConditionBranch {
  readonly kind: 'condition';
  /** A variable's name. */
  readonly condition: string;
  readonly whenTrue: Branch | undefined;
  readonly whenFalse: Branch | undefined;
}

/** @throws {GatewayError} `OPERATION_NOT_SUPPORTED` */
export function toBranch(node: PlanNode, path: Path = []): Branch {
  switch (node.kind) {
    case 'Fetch':
      return { kind: 'fetch', node, paths: [path] };
    case 'Flatten':
      return toBranch(node.node, [...path, ...node.path]);
    case 'Sequence':
      return { kind: 'sequence', steps: node.nodes.map((step) => toBranch(step, path)) };
    case 'Parallel':
      return { kind: 'parallel', steps: join(node.nodes.map((step) => toBranch(step, path))) };
    case 'Condition':
      return {
        kind: 'condition',
        condition: node.condition,
        whenTrue: node.ifClause && toBranch(node.ifClause, path),
        whenFalse: node.elseClause && toBranch(node.elseClause, path),
      };
    case 'Defer':
      throw new GatewayError('OPERATION_NOT_SUPPORTED', '@defer is not supported by this gateway.');
  }
}

/** All fetches of a plan. */
export function fetchesOf(branch: Branch): readonly FetchBranch[] {
  if (branch.kind === 'fetch') return [branch];
  const below = branch.kind === 'condition' ? [branch.whenTrue, branch.whenFalse] : branch.steps;
  return below.flatMap((step) => (step === undefined ? [] : fetchesOf(step)));
}

function join(branches: readonly Branch[]): Branch[] {
  const groups = new Map<string | Branch, Branch>();
  for (const branch of branches) {
    const key = describe(branch) ?? branch;
    const same = groups.get(key);
    groups.set(key, same === undefined ? branch : joinTwo(same, branch));
  }
  return [...groups.values()];
}

/** @param b the same as `a` but for its paths */
function joinTwo(a: Branch, b: Branch): Branch {
  if (a.kind === 'fetch' && b.kind === 'fetch') return { ...a, paths: [...a.paths, ...b.paths] };
  if (a.kind === 'condition' || b.kind === 'condition' || a.kind === 'fetch' || b.kind === 'fetch') return a;
  return { ...a, steps: a.steps.map((step, index) => joinTwo(step, b.steps[index] ?? step)) };
}

/**
 * What a branch does, without its paths. `undefined` for what cannot be joined: only fetches that bring nothing but scalars
 * are. These are written into each object; an object would stand at both places, and later fetches may add different
 * things to it there. Nor where contexts differ.
 */
function describe(branch: Branch): string | undefined {
  if (branch.kind === 'condition') return undefined;
  if (branch.kind === 'fetch') {
    const { serviceName, operation, requires, inputRewrites, outputRewrites, contextRewrites = [] } = branch.node;
    if (requires === undefined || contextRewrites.length > 0 || !readFetched(branch.node).isFlat) return undefined;
    return JSON.stringify([serviceName, operation, requires, inputRewrites, outputRewrites]);
  }
  const steps = branch.steps.map(describe);
  return steps.includes(undefined) ? undefined : JSON.stringify([branch.kind, steps]);
}
