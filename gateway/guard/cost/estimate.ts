import type { FragmentDefinitionNode, GraphQLObjectType, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { runInTurns, runThrough, type Sliced } from '../../../service/slices.ts';
import { type AccessDecision, NOTHING_REFUSED } from '../../execution/access-decision.ts';
import type { Json } from '../../execution/own.ts';
import { evaluate, toValues } from './amount.ts';
import { createInputCosts } from './inputs.ts';
import { type Cost, createSelectionCosts, type SelectionCosts, TooManySteps } from './selection.ts';
import type { Weights } from './weights.ts';

/** What an operation costs in points: the two costs of the specification (IBM, 5.3.2). Their sum is what is limited. */
export interface Points {
  /** Of running resolvers, with what they are given. */
  readonly fields: number;
  /** Of what comes back. */
  readonly types: number;
}

/** In points. */
export function totalOf({ fields, types }: Points): number {
  return fields + types;
}

/** What an operation costs at most, by its text alone (IBM, 5.1.1 "Static Query Analysis"). */
export interface Estimate {
  /** @param variables with defaults and coercion applied. A hot path: what is known without them is not computed again. */
  of(variables: Json): Points;
  /** Checks that exactly one slicing argument is given where that is asked for. @throws {GraphQLErrors} `SLICING_ARGUMENT_REQUIRED` */
  check(variables: Json): void;
}

export interface EstimatedOperation {
  readonly schema: GraphQLSchema;
  readonly weights: Weights;
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** What its caller may have of it; `undefined` when nothing of it is guarded. */
  readonly decision?: AccessDecision | undefined;
}

/**
 * Compiles the estimate of a valid operation. What would take too long to be weighed costs infinitely much. Introspection costs
 * nothing: no subgraph is asked for it, and it has a limit of its own.
 */
export function compileEstimate(estimated: EstimatedOperation): Estimate {
  return runThrough(compile(estimated));
}

/** The same, of a large operation in turns with what else there is to do. */
export function compileEstimateInTurns(estimated: EstimatedOperation): Estimate | Promise<Estimate> {
  return runInTurns(compile(estimated));
}

function* compile(estimated: EstimatedOperation): Sliced<Estimate> {
  const { schema, weights, operation, fragments, decision } = estimated;
  const inputs = createInputCosts(schema, weights);
  const costs = createSelectionCosts({
    schema,
    weights,
    inputs,
    fragments,
    refused: decision?.refused ?? NOTHING_REFUSED,
  });
  const rootType = schema.getRootType(operation.operation);
  const { fields, types } = rootType ? yield* weighRoot(costs, rootType, operation) : NOTHING;
  const known = typeof fields === 'number' && typeof types === 'number' ? { fields, types } : undefined;
  return {
    of: (variables) => {
      if (known !== undefined) return known;
      const values = toValues(variables);
      return { fields: evaluate(fields, values), types: evaluate(types, values) };
    },
    check: (variables) => {
      for (const requirement of costs.requirements) requirement(variables);
    },
  };
}

const NOTHING: Cost = { fields: 0, types: 0 };
const ENDLESS: Cost = { fields: Number.POSITIVE_INFINITY, types: Number.POSITIVE_INFINITY };

function* weighRoot(
  costs: SelectionCosts,
  type: GraphQLObjectType,
  { selectionSet }: OperationDefinitionNode,
): Sliced<Cost> {
  try {
    return yield* costs.ofObject([type], [{ selectionSet, parent: type, condition: undefined }]);
  } catch (error) {
    if (error instanceof TooManySteps) return ENDLESS;
    throw error;
  }
}
