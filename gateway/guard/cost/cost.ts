import type { FragmentDefinitionNode, OperationDefinitionNode } from 'graphql';
import type { QueryPlan } from '../../../planning/plan.ts';
import { isSameSecret } from '../../../service/secrets.ts';
import type { CostConfig } from '../../cost-config.ts';
import { type ErrorCode, GatewayError } from '../../errors.ts';
import { type AccessDecision, NOTHING_REFUSED } from '../../execution/access-decision.ts';
import type { CompiledOperation } from '../../execution/compile.ts';
import type { Json } from '../../execution/own.ts';
import type { Planned } from '../../operation/plan.ts';
import type { Supergraph } from '../../supergraph/supergraph.ts';
import { type CountActual, compileActual } from './actual.ts';
import { compileEstimateInTurns, type Estimate, type Points, totalOf } from './estimate.ts';
import { type CostEvent, type CostExcess, costEvents, costExcesses } from './events.ts';
import { compileSubgraphEstimate, type SubgraphEstimate } from './subgraph-estimate.ts';
import { createWeights, type Weights } from './weights.ts';

/** An operation that is to be weighed. */
export interface CostRequest {
  readonly supergraph: Supergraph;
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** What its caller may have of it; `undefined` when nothing of it is guarded. */
  readonly decision?: AccessDecision | undefined;
  readonly coercedVariables: Json;
  /** Those of the client. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Whether the request is to be explained. */
  readonly isExplained?: boolean;
}

/** What one request costs: filled in while it is answered. */
export interface Weighing {
  readonly request: CostRequest;
  readonly estimated: Points;
  /** Estimated, in points: what a budget is charged with. */
  readonly estimate: number;
  readonly isExplained: boolean;
  /** Whether the actual cost is to be counted. */
  readonly isCounted: boolean;
  /** Whether subgraphs work on it, or have for nothing that could be counted: then it may have cost all that was estimated. */
  isUncounted: boolean;
  /** Of what was executed for this request: an answer that was kept, or made for another request, costs nothing. */
  actual: Points;
  /** Estimated by subgraph, in points, where that is wanted. */
  subgraphs: ReadonlyMap<string, number> | undefined;
  excess: CostExcess | undefined;
}

/** Weighs operations before they are planned, and counts what they have cost. */
export interface Cost {
  /** @returns what an operator should know of options that fit nothing in a graph */
  check(supergraph: Supergraph): readonly string[];
  /** At once, but for large operations that are new. @throws {GatewayError} `COST_ESTIMATED_TOO_EXPENSIVE`, `SLICING_ARGUMENT_REQUIRED` */
  weigh(request: CostRequest): Weighing | Promise<Weighing>;
  /** Weighs what each subgraph is asked, where that is wanted. @throws {GatewayError} `SUBGRAPH_COST_ESTIMATED_TOO_EXPENSIVE` */
  weighPlan(weighing: Weighing, planned: Planned): void;
  /** Counts the data of an execution. */
  count(weighing: Weighing, compiled: CompiledOperation, data: Json): void;
  /** Tells what came of it, when there is an answer. @returns `extensions.cost`, for who asks and may see it */
  finish(weighing: Weighing): Json | undefined;
}

export interface CostOptions {
  readonly config: CostConfig;
  /** Whether somebody needs the actual cost of every operation: a budget that is settled to it. */
  readonly isActualNeeded?: boolean;
}

const NOTHING: Points = { fields: 0, types: 0 };

/** @returns `undefined` when it is off */
export function createCost({ config, isActualNeeded = false }: CostOptions): Cost | undefined {
  const { mode, maxCost, listSize, explainKey, subgraph: bounds } = config;
  if (mode === 'off') return undefined;
  const isEnforced = mode === 'enforce';
  const areSubgraphsBound = Object.keys(bounds).length > 0;

  const weights = new WeakMap<Supergraph, Weights>();
  const weightsOf = (supergraph: Supergraph) =>
    once(weights, supergraph, () => createWeights(supergraph.apiSchema, supergraph.planner.costRules, listSize));

  const estimates = new WeakMap<OperationDefinitionNode | AccessDecision, Estimate | Promise<Estimate>>();
  const estimateOf = (request: CostRequest) => {
    const key = request.decision ?? request.operation;
    return once(estimates, key, () => {
      const { supergraph, operation, fragments, decision } = request;
      const weighed = { schema: supergraph.apiSchema, weights: weightsOf(supergraph), operation, fragments, decision };
      const compiling = compileEstimateInTurns(weighed);
      if (compiling instanceof Promise) compiling.then((estimate) => estimates.set(key, estimate), ignore);
      return compiling;
    });
  };

  const subgraphEstimates = new WeakMap<QueryPlan, SubgraphEstimate>();
  const subgraphEstimateOf = (supergraph: Supergraph, plan: QueryPlan) =>
    once(subgraphEstimates, plan, () => compileSubgraphEstimate(supergraph.schema, weightsOf(supergraph), plan));

  const counters = new WeakMap<CompiledOperation, CountActual>();
  const counterOf = (compiled: CompiledOperation) =>
    once(counters, compiled, () => {
      const { supergraph, operation, fragments, plannable, rootType, conditions, decision } = compiled;
      const { apiSchema } = supergraph;
      const { keyOf } = plannable;
      const { refused } = decision ?? { refused: NOTHING_REFUSED };
      const weights = weightsOf(supergraph);
      const context = { apiSchema, fragments, coercedVariables: conditions, keyOf, refused, weights };
      return compileActual(context, rootType, operation.selectionSet);
    });

  function limit(weighing: Weighing, code: ErrorCode, what: string, { limit, value, bound }: Bounded): void {
    const excess = { operation: nameOf(weighing), limit, value, bound, isRefused: isEnforced };
    weighing.excess ??= excess;
    if (costExcesses.hasSubscribers) costExcesses.publish(excess satisfies CostExcess);
    if (!isEnforced) return;
    publish(weighing, undefined);
    const found = Number.isFinite(value) ? `${value} points` : 'more points than can be counted';
    throw new GatewayError(
      code,
      `The operation exceeds the limit ${limit}: ${what} is estimated at ${found}, allowed are ${bound}. Ask for shorter lists, or for fewer inside one another.`,
      { extensions: { limit, bound, ...(Number.isFinite(value) ? { value } : {}) } },
    );
  }

  function weighBy(estimate: Estimate, request: CostRequest): Weighing {
    const { coercedVariables, headers } = request;
    if (isEnforced) estimate.check(coercedVariables);
    const estimated = estimate.of(coercedVariables);
    const key = headers['cost-explain'];
    const isAsked = key !== undefined && explainKey !== undefined && isSameSecret(key, explainKey);
    const isExplained = isAsked || request.isExplained === true;
    const weighing: Weighing = {
      request,
      estimated,
      estimate: totalOf(estimated),
      isExplained,
      isCounted: isExplained || isActualNeeded || costEvents.hasSubscribers,
      isUncounted: false,
      actual: NOTHING,
      subgraphs: undefined,
      excess: undefined,
    };
    if (weighing.estimate > maxCost)
      limit(weighing, 'COST_ESTIMATED_TOO_EXPENSIVE', 'it', {
        limit: 'cost.maxCost',
        value: weighing.estimate,
        bound: maxCost,
      });
    return weighing;
  }

  return {
    check: ({ subgraphs }) => {
      const names = new Set(subgraphs.map(({ name }) => name));
      const unknown = Object.keys(bounds).filter((name) => !names.has(name));
      return unknown.map((name) => `cost.subgraph has "${name}", which is no subgraph of this supergraph`);
    },
    weigh: (request) => {
      const compiling = estimateOf(request);
      return compiling instanceof Promise
        ? compiling.then((estimate) => weighBy(estimate, request))
        : weighBy(compiling, request);
    },
    weighPlan: (weighing, { plan, plannable }) => {
      if (!areSubgraphsBound && !weighing.isExplained) return;
      const { supergraph, coercedVariables } = weighing.request;
      weighing.subgraphs = subgraphEstimateOf(supergraph, plan).of(plannable.rename(coercedVariables));
      for (const [name, value] of weighing.subgraphs) {
        const bound = Object.hasOwn(bounds, name) ? bounds[name]?.maxCost : undefined;
        if (bound !== undefined && value > bound)
          limit(weighing, 'SUBGRAPH_COST_ESTIMATED_TOO_EXPENSIVE', `what it asks of "${name}"`, {
            limit: `cost.subgraph.${name}.maxCost`,
            value,
            bound,
          });
      }
    },
    count: (weighing, compiled, data) => {
      const { fields, types } = counterOf(compiled)(data, weighing.request.coercedVariables);
      // A second time, when what failed is asked again.
      weighing.actual = { fields: weighing.actual.fields + fields, types: weighing.actual.types + types };
    },
    finish: (weighing) => {
      publish(weighing, totalOf(weighing.actual));
      if (!weighing.isExplained) return undefined;
      const { estimated, actual, subgraphs } = weighing;
      return {
        estimated: toJson(estimated),
        actual: toJson(actual),
        maxCost,
        ...(subgraphs && { subgraphs: Object.fromEntries(subgraphs) }),
      };
    },
  };
}

type Bounded = Pick<CostExcess, 'limit' | 'value' | 'bound'>;

function publish(weighing: Weighing, actual: number | undefined): void {
  if (!costEvents.hasSubscribers) return;
  const { request, estimate: estimated, excess } = weighing;
  const event: CostEvent = {
    operation: nameOf(weighing),
    kind: request.operation.operation,
    estimated,
    actual,
    excess,
  };
  costEvents.publish(event);
}

function toJson(points: Points): Json {
  return { total: totalOf(points), ...points };
}

function nameOf({ request: { operation } }: Weighing): string | undefined {
  return operation.name?.value;
}

/** Whoever waits for it is told. */
const ignore = () => undefined;

/** What is made of something once, for as long as that lives. */
function once<Key extends object, Value>(known: WeakMap<Key, Value>, key: Key, make: () => Value): Value {
  let value = known.get(key);
  if (value === undefined) {
    value = make();
    known.set(key, value);
  }
  return value;
}
