import type { FragmentDefinitionNode, GraphQLObjectType, OperationDefinitionNode } from 'graphql';
import type { QueryPlan } from '../../planning/plan.ts';
import type { Plannable } from '../../planning/plannable.ts';
import { GatewayError } from '../errors.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import { type AccessDecision, NOTHING_REFUSED } from './access-decision.ts';
import type { Step } from './compile-fetch.ts';
import { compilePlan } from './compile-plan.ts';
import { compileRefusals, type FindRefusals } from './compile-refusals.ts';
import { compileWriter, type Write } from './compile-writer.ts';
import type { Json } from './own.ts';

/** What is compiled: an operation, and a plan made for it. */
export interface PlannedOperation {
  readonly supergraph: Supergraph;
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly plan: QueryPlan;
  /** The names that the plan has for the client's keys and variables. */
  readonly plannable: Plannable;
  /** The values of the variables that decide `@skip` and `@include`; others may be among them. */
  readonly conditions: Json;
  /** What its caller may have of it; `undefined` when nothing of it is guarded. */
  readonly decision?: AccessDecision | undefined;
}

/** An operation ready to be executed, for all requests with the same conditions. */
export interface CompiledOperation extends PlannedOperation {
  readonly rootType: GraphQLObjectType;
  /** Fetches the data. */
  readonly fetch: Step;
  /** Writes the answer when all is as it should be; `undefined` for operations whose answers `complete` always makes. */
  readonly write: Write | undefined;
  /** Finds the errors of what is refused, for an answer that `write` has made. */
  readonly refusals: FindRefusals | undefined;
}

function compile(planned: PlannedOperation): CompiledOperation {
  const { supergraph, operation, fragments, plan, plannable, conditions, decision } = planned;
  const { apiSchema, schema } = supergraph;
  const rootType = apiSchema.getRootType(operation.operation);
  if (!rootType) throw new GatewayError('GRAPHQL_VALIDATION_FAILED', `The schema has no ${operation.operation} type.`);
  const { refused } = decision ?? { refused: NOTHING_REFUSED };
  const context = { apiSchema, fragments, coercedVariables: conditions, keyOf: plannable.keyOf, refused };
  return {
    ...planned,
    rootType,
    fetch: compilePlan(plan, schema),
    write: compileWriter(context, rootType, operation.selectionSet),
    refusals: compileRefusals(context, rootType, operation.selectionSet),
  };
}

const compiled = new WeakMap<QueryPlan, CompiledOperation>();

/** Compiles an operation, once for each plan: what is compiled lives as long as that. @throws {GatewayError} `OPERATION_NOT_SUPPORTED` */
export function compileOnce(planned: PlannedOperation): CompiledOperation {
  let known = compiled.get(planned.plan);
  if (known === undefined) {
    known = compile(planned);
    compiled.set(planned.plan, known);
  }
  return known;
}
