import type { OperationDefinitionNode } from 'graphql';
import type { QueryPlan } from '../../planning/plan.ts';
import { GatewayError } from '../errors.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import type { Prepared } from './prepare.ts';

export type Plan = (supergraph: Supergraph, prepared: Prepared, operation: OperationDefinitionNode) => QueryPlan;

/** Makes the function that plans operations, each once: a plan lives as long as the prepared operation it belongs to. */
export function createPlan(): Plan {
  const plans = new WeakMap<OperationDefinitionNode, QueryPlan>();
  return (supergraph, prepared, operation) => {
    if (operation.operation === 'subscription') {
      throw new GatewayError('OPERATION_NOT_SUPPORTED', 'Subscriptions are not supported by this gateway.');
    }
    const known = plans.get(operation);
    if (known !== undefined) return known;
    const plan = supergraph.planner.plan(prepared.document, operation.name?.value);
    plans.set(operation, plan);
    return plan;
  };
}
