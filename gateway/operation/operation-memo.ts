import { createAskedBefore } from '../asked-before.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import { type Budget, createBudget } from './budget.ts';
import { createMemo, type Memo } from './memo.ts';
import type { KnownPlan } from './plan.ts';
import type { Prepared } from './prepare.ts';

/** All that is kept of the operations on one supergraph, within one bound. */
export interface OperationMemo {
  /** By query text. */
  readonly texts: Memo<Prepared>;
  /** By operation, conditions and labels. */
  readonly plans: Memo<KnownPlan>;
  /** Counts that a plan is used. On the way of every request: no clock, one addition and one comparison. */
  countUse(plan: KnownPlan): void;
}

/** Uses after which all counts are halved, so that what was popular once gives way to what is. */
const USES_BEFORE_DECAY = 100_000;

/** Gives each supergraph its memo, which dies with it. */
export function createOperationMemos(maxBytes: number): (supergraph: Supergraph) => OperationMemo {
  const memos = new WeakMap<Supergraph, OperationMemo>();
  const wasAskedBefore = createAskedBefore();
  return (supergraph) => {
    let memo = memos.get(supergraph);
    if (memo === undefined) {
      memo = createOperationMemo(createBudget(maxBytes, wasAskedBefore));
      memos.set(supergraph, memo);
    }
    return memo;
  };
}

function createOperationMemo(budget: Budget): OperationMemo {
  const plans = createMemo<KnownPlan>(budget);
  let uses = 0;
  return {
    texts: createMemo(budget),
    plans,
    countUse: (plan) => {
      plan.uses++;
      if (++uses < USES_BEFORE_DECAY) return;
      uses = 0;
      for (const known of plans.values()) known.uses /= 2;
    },
  };
}
