import type { Supergraph } from '@apollo/federation-internals';
import type { QueryPlannerConfig } from '@apollo/query-planner';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import { askEmptyInterfaces, findEmptyInterfaces } from './empty-interfaces.ts';
import { expandAbstractConditions, findInterfaceObjects } from './interface-objects.ts';
import { inSequence, joinParts } from './join-plans.ts';
import { type OperationParts, takeApart } from './operation-parts.ts';
import type { QueryPlan } from './plan.ts';
import { createPlanCheck } from './plan-check.ts';
import { isPlannerBound } from './planner-bounds.ts';
import { buildUnchecked, createVariants } from './planner-variants.ts';
import { separateRequiredArguments } from './required-arguments.ts';
import { reschedule } from './reschedule.ts';
import { putResolvableKeysFirst } from './resolvable-keys.ts';
import { createArgumentRestorer } from './restore-arguments.ts';
import { readDemands } from './subgraph-demands.ts';
import { runWithin } from './time-bound.ts';

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

  /**
   * The first sound plan; the first that there is when none is, or what the planner threw.
   *
   * @param isDivisible whether the parts can be planned instead: then the other ways have only some time, because the planner
   * goes round in circles, without end, where it joins a fetch with one that waits for it
   */
  function planWhole(operation: Operation, isDivisible: () => boolean): Attempt {
    let first: Attempt | undefined;
    let most: number | undefined;
    for (const variant of variants) {
      const planOn = variant();
      const make = () => attemptPlan(() => planOn(...operation));
      const begun = performance.now();
      const attempt = most === undefined ? make() : runWithin(most, make);
      if (attempt === undefined) break;
      const took = performance.now() - begun;
      for (const plan of attempt.plan === undefined ? [] : [attempt.plan, reschedule(attempt.plan, demanded)]) {
        if (plan !== undefined && isSound(plan)) return { plan, isSound: true };
      }
      if (first === undefined && isDivisible()) most = LEAST_MS + TIMES_THE_FIRST * took;
      if (first?.plan === undefined) first = attempt.plan === undefined ? (first ?? attempt) : attempt;
    }
    return first ?? { isSound: false };
  }

  /** What cannot be planned whole is planned by halves, down to single fields. */
  function plan(...[operation, name, labels]: Operation): QueryPlan {
    let taken: readonly OperationParts[] | undefined;
    const parts = () => {
      taken ??= takeApart(operation, name);
      return taken;
    };
    const whole = planWhole([operation, name, labels], () => parts().length > 1 || (parts()[0]?.leaves ?? 0) > 1);
    if (whole.isSound) return unwrap(whole);
    const [first, ...others] = parts().map(({ leaves, only }) => {
      const planPart = (from: number, to: number): QueryPlan => {
        const part: Operation = [only(from, to), name, labels];
        const isDivisible = to - from > 1;
        const isWhole = parts().length === 1 && to - from === leaves;
        const attempt = isWhole ? whole : planWhole(part, () => isDivisible);
        if (attempt.isSound || !isDivisible) return unwrap(attempt);
        const middle = (from + to) >> 1;
        const joined = joinParts(planPart(from, middle), planPart(middle, to));
        return joined ?? unwrap(planWhole(part, () => false));
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

/** How long the other ways may take where the parts can be planned: most take as long as the first, tens of milliseconds. */
const LEAST_MS = 250;
const TIMES_THE_FIRST = 5;

type Operation = Parameters<RepairedPlanner['plan']>;

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
