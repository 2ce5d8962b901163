import type { OperationDefinitionNode } from 'graphql';
import type { QueryPlan } from '../../planning/plan.ts';
import { type Plannable, toPlannable } from '../../planning/plannable.ts';
import { GatewayError } from '../errors.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import type { Prepared } from './prepare.ts';

/** A plan, and the document it was made for. */
export interface Planned {
  readonly plan: QueryPlan;
  readonly plannable: Plannable;
}

export type Plan = (supergraph: Supergraph, prepared: Prepared, operation: OperationDefinitionNode) => Planned;

/** Makes the function that plans operations, each once: a plan lives as long as the prepared operation it belongs to. */
export function createPlan(): Plan {
  const plans = new WeakMap<OperationDefinitionNode, Planned>();
  return (supergraph, prepared, operation) => {
    if (operation.operation === 'subscription') {
      throw new GatewayError('OPERATION_NOT_SUPPORTED', 'Subscriptions are not supported by this gateway.');
    }
    const known = plans.get(operation);
    if (known !== undefined) return known;
    const plannable = toPlannable(prepared.document, supergraph.planner.required);
    const planned = { plan: supergraph.planner.plan(plannable.document, operation.name?.value), plannable };
    plans.set(operation, planned);
    return planned;
  };
}
