import type { OperationDefinitionNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import { applyConditions, conditionVariables } from '../../planning/conditions.ts';
import type { QueryPlan } from '../../planning/plan.ts';
import { type Plannable, toPlannable } from '../../planning/plannable.ts';
import { GatewayError } from '../errors.ts';
import type { Json } from '../execution/own.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import type { Prepared } from './prepare.ts';

/** A plan, and the document it was made for. */
export interface Planned {
  readonly plan: QueryPlan;
  readonly plannable: Plannable;
}

/** What is to be planned; the variables decide only what `@skip` and `@include` leave of it. */
export interface PlanRequest {
  readonly supergraph: Supergraph;
  readonly prepared: Prepared;
  readonly operation: OperationDefinitionNode;
  /** With their defaults applied. */
  readonly coercedVariables: Json;
}

export type Plan = (request: PlanRequest) => Planned;

/** What is known of one operation: its plannable form, and a plan for each combination of its conditions that came. */
interface Entry {
  readonly plannable: Plannable;
  readonly conditionVariables: readonly string[];
  readonly plans: LRUCache<string, QueryPlan>;
}

/** Ten conditions make a thousand combinations; those that clients use are few. */
const PLANS_PER_OPERATION = 32;

/**
 * Makes the function that plans operations, each once for each combination of conditions: plans live as long as the
 * prepared operation they belong to.
 */
export function createPlan(): Plan {
  const entries = new WeakMap<OperationDefinitionNode, Entry>();
  return ({ supergraph, prepared, operation, coercedVariables }) => {
    if (operation.operation === 'subscription') {
      throw new GatewayError('OPERATION_NOT_SUPPORTED', 'Subscriptions are not supported by this gateway.');
    }
    let entry = entries.get(operation);
    if (entry === undefined) {
      entry = createEntry(toPlannable(prepared.document, supergraph.planner.required));
      entries.set(operation, entry);
    }
    const { plannable, plans } = entry;
    const values = plannable.rename(coercedVariables);
    const conditions = new Map(entry.conditionVariables.map((name) => [name, values[name] === true]));
    const key = [...conditions.values()].map(Number).join('');
    let plan = plans.get(key);
    if (plan === undefined) {
      plan = supergraph.planner.plan(applyConditions(plannable.document, conditions), operation.name?.value);
      plans.set(key, plan);
    }
    return { plan, plannable };
  };
}

function createEntry(plannable: Plannable): Entry {
  return {
    plannable,
    conditionVariables: conditionVariables(plannable.document),
    plans: new LRUCache({ max: PLANS_PER_OPERATION }),
  };
}
