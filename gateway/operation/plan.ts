import type { DocumentNode, OperationDefinitionNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import { applyConditions, type Conditions, conditionVariables } from '../../planning/conditions.ts';
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

export interface PlanOptions {
  /** How much of plans is kept, in characters of their JSON; in memory a plan takes some four times that. */
  readonly planCharacters: number;
}

/** What is known of one operation besides its plans. */
interface Entry {
  readonly id: number;
  readonly plannable: Plannable;
  readonly conditionVariables: readonly string[];
}

/**
 * Makes the function that plans operations, each once for each combination of conditions that comes.
 *
 * @throws {GatewayError} from the returned function: `OPERATION_NOT_SUPPORTED`, `BAD_USER_INPUT` for a condition that is null,
 *   `OPERATION_LIMIT_EXCEEDED` for what the planner cannot hold
 */
export function createPlan({ planCharacters }: PlanOptions): Plan {
  const entries = new WeakMap<OperationDefinitionNode, Entry>();
  const plans = new LRUCache<string, QueryPlan>({
    maxSize: planCharacters,
    sizeCalculation: (plan) => JSON.stringify(plan).length,
  });
  let lastId = 0;

  function entryOf({ supergraph, prepared, operation }: PlanRequest): Entry {
    const known = entries.get(operation);
    if (known !== undefined) return known;
    const plannable = toPlannable(prepared.document, supergraph.planner.required);
    const entry = { id: ++lastId, plannable, conditionVariables: conditionVariables(plannable.document) };
    entries.set(operation, entry);
    return entry;
  }

  return (request) => {
    const { supergraph, operation, coercedVariables } = request;
    if (operation.operation === 'subscription') {
      throw new GatewayError('OPERATION_NOT_SUPPORTED', 'Subscriptions are not supported by this gateway.');
    }
    const entry = entryOf(request);
    const { plannable } = entry;
    const conditions = readConditions(entry, plannable.rename(coercedVariables));
    const key = `${entry.id} ${[...conditions.values()].map(Number).join('')}`;
    let plan = plans.get(key);
    if (plan === undefined) {
      plan = planOrRefuse(supergraph, applyConditions(plannable.document, conditions), operation.name?.value);
      plans.set(key, plan);
    }
    return { plan, plannable };
  };
}

/** A nullable variable with a default may stand in `@skip(if:)`; a client that then sends null has decided nothing. */
function readConditions({ conditionVariables }: Entry, values: Json): Conditions {
  return new Map(
    conditionVariables.map((name) => {
      if (values[name] === null) {
        throw new GatewayError(
          'BAD_USER_INPUT',
          `Variable "$${name}" decides a @skip or @include and must not be null.`,
        );
      }
      return [name, values[name] === true];
    }),
  );
}

function planOrRefuse({ planner }: Supergraph, document: DocumentNode, name: string | undefined): QueryPlan {
  try {
    return planner.plan(document, name);
  } catch (error) {
    // The planner descends the operation on the stack.
    if (!(error instanceof RangeError)) throw error;
    throw new GatewayError('OPERATION_LIMIT_EXCEEDED', 'The operation is too large to be planned.', { cause: error });
  }
}
