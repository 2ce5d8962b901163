import type { Supergraph } from '@apollo/federation-internals';
import type { QueryPlannerConfig } from '@apollo/query-planner';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import { askEmptyInterfaces, findEmptyInterfaces } from './empty-interfaces.ts';
import { expandAbstractConditions, findInterfaceObjects } from './interface-objects.ts';
import { inSequence, joinParts } from './join-plans.ts';
import { takeApart } from './operation-parts.ts';
import type { QueryPlan } from './plan.ts';
import { createPlanCheck } from './plan-check.ts';
import { isPlannerBound } from './planner-bounds.ts';
import { buildUnchecked, createVariants } from './planner-variants.ts';
import { separateRequiredArguments } from './required-arguments.ts';
import { reschedule } from './reschedule.ts';
import { putResolvableKeysFirst } from './resolvable-keys.ts';
import { createArgumentRestorer } from './restore-arguments.ts';
import { readDemands } from './subgraph-demands.ts';

/** The planner, and around it what makes good for its faults: `docs/decisions/0005` names each. */
export interface RepairedPlanner {
  /** What is planned on: fields may have been added to the supergraph that was given. */
  readonly document: DocumentNode;
  plan(document: DocumentNode, operationName: string | undefined, labels: ReadonlyMap<string, boolean>): QueryPlan;
}

export interface RepairedPlannerOptions {
  readonly document: DocumentNode;
  /** Built from the document, and valid. */
  readonly supergraph: Supergraph;
  readonly apiSchema: GraphQLSchema;
  readonly config: QueryPlannerConfig | undefined;
}

export function createRepairedPlanner(options: RepairedPlannerOptions): RepairedPlanner {
  const { document, supergraph, apiSchema, config } = options;
  const separated = separateRequiredArguments(putResolvableKeysFirst(document));
  const planned = separated.supergraph === document ? supergraph : buildUnchecked(separated.supergraph);
  const restoreArguments = createArgumentRestorer(separated);
  const demanded = readDemands(separated.supergraph);
  const isSound = createPlanCheck(demanded);
  const empty = findEmptyInterfaces(document);
  const interfaceObjects = findInterfaceObjects(document);
  const variants = createVariants({ document: separated.supergraph, supergraph: planned, config });

  /** The first sound plan; the first that there is when none is, or what the planner threw. */
  function planWhole(...operation: Parameters<RepairedPlanner['plan']>): Attempt {
    let first: Attempt | undefined;
    for (const planOn of variants) {
      const attempt = attemptPlan(() => planOn()(...operation));
      for (const plan of attempt.plan === undefined ? [] : [attempt.plan, reschedule(attempt.plan, demanded)]) {
        if (plan !== undefined && isSound(plan)) return { plan, isSound: true };
      }
      if (first?.plan === undefined) first = attempt.plan === undefined ? (first ?? attempt) : attempt;
    }
    return first ?? { isSound: false };
  }

  /** What cannot be planned whole is planned by halves, down to single fields. */
  function plan(...[operation, name, labels]: Parameters<RepairedPlanner['plan']>): QueryPlan {
    const whole = planWhole(operation, name, labels);
    const parts = whole.isSound ? [] : takeApart(operation, name);
    const [first, ...others] = parts.map(({ leaves, only }) => {
      const planPart = (from: number, to: number): QueryPlan => {
        const isWhole = parts.length === 1 && to - from === leaves;
        const attempt = isWhole ? whole : planWhole(only(from, to), name, labels);
        if (attempt.isSound || to - from <= 1) return unwrap(attempt);
        const middle = (from + to) >> 1;
        return joinParts(planPart(from, middle), planPart(middle, to)) ?? unwrap(attempt);
      };
      return planPart(0, leaves);
    });
    return first === undefined ? unwrap(whole) : others.reduce(inSequence, first);
  }

  return {
    document: separated.supergraph,
    plan: (operation, name, labels) => {
      const expanded = expandAbstractConditions(operation, apiSchema, interfaceObjects);
      return restoreArguments(plan(askEmptyInterfaces(expanded, apiSchema, empty), name, labels));
    },
  };
}

interface Attempt {
  readonly isSound: boolean;
  readonly plan?: QueryPlan;
  readonly error?: unknown;
}

/** @throws what is no fault of the planner: its bounds, and the end of the stack */
function attemptPlan(make: () => QueryPlan): Attempt {
  try {
    return { isSound: false, plan: make() };
  } catch (error) {
    if (error instanceof RangeError || isPlannerBound(error)) throw error;
    return { isSound: false, error };
  }
}

function unwrap({ plan, error }: Attempt): QueryPlan {
  if (plan === undefined) throw error;
  return plan;
}
