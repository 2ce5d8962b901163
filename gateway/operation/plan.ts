import { type OperationDefinitionNode, print } from 'graphql';
import type { Conditions } from '../../planning/conditions.ts';
import type { QueryPlan } from '../../planning/plan.ts';
import { type Plannable, toPlannable } from '../../planning/plannable.ts';
import type { SizedPlan } from '../../planning/planner-messages.ts';
import type { Work } from '../../planning/planner-threads.ts';
import { GatewayError } from '../errors.ts';
import type { AccessDecision } from '../execution/access-decision.ts';
import type { Json } from '../execution/own.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import type { OperationMemo } from './operation-memo.ts';
import { explainRefusal } from './planning-errors.ts';
import type { Prepared } from './prepare.ts';
import { readConditions } from './read-conditions.ts';

/** A plan, and the document it was made for: the same object each time, as long as it is kept. */
export interface Planned {
  readonly plan: QueryPlan;
  readonly plannable: Plannable;
}

/** A plan with what it was made from and how often it is used: enough to have it again on another supergraph. */
export interface KnownPlan extends Planned {
  readonly prepared: Prepared;
  readonly operation: OperationDefinitionNode;
  /** The values of the client's variables that decide `@skip` and `@include`. */
  readonly conditions: Conditions;
  readonly labels: ReadonlyMap<string, boolean> | undefined;
  readonly decision: AccessDecision | undefined;
  uses: number;
}

/** What is to be planned; the variables decide only what `@skip` and `@include` leave of it. */
export interface PlanRequest {
  readonly supergraph: Supergraph;
  readonly prepared: Prepared;
  readonly operation: OperationDefinitionNode;
  /** With their defaults applied. */
  readonly coercedVariables: Json;
  /** Which labels of progressive `@override` are on for this request: only labels that the supergraph has, in one order. */
  readonly labels?: ReadonlyMap<string, boolean> | undefined;
  /** What the caller may have of it; `undefined` when nothing of it is guarded. */
  readonly decision?: AccessDecision | undefined;
  /** Who asks: clients take turns in having their new operations validated and planned. */
  readonly client: string;
}

/** Gives what is known at once, so that an operation that is known costs no waiting. */
export type Plan = (request: PlanRequest) => KnownPlan | Promise<KnownPlan>;

export interface PlanOptions {
  readonly memoOf: (supergraph: Supergraph) => OperationMemo;
}

/** What is known of one operation, or of what a decision leaves of it, besides its plans. */
interface Entry {
  readonly id: number;
  readonly plannable: Plannable;
}

/**
 * What a plan takes in memory for each character of its JSON: the heap grew by 1.5 on the cold operations of `test/bench`, and
 * by 7.7 for what is compiled from it.
 */
const BYTES_PER_CHARACTER = 10;

/**
 * Makes the function that plans operations, each once for each combination of conditions, labels and decision that comes.
 *
 * @throws {GatewayError} from the returned function, at once or as a rejection: `OPERATION_NOT_SUPPORTED`, `BAD_USER_INPUT`
 *   for a condition that is null, `OPERATION_LIMIT_EXCEEDED` for what is beyond the planner, `OVERLOADED`
 */
export function createPlan({ memoOf }: PlanOptions): Plan {
  const entries = new WeakMap<OperationDefinitionNode | AccessDecision, Entry>();
  let lastId = 0;

  function entryOf({ supergraph, prepared, operation, decision }: PlanRequest): Entry {
    const known = entries.get(decision ?? operation);
    if (known !== undefined) return known;
    if (operation.operation === 'subscription') {
      throw new GatewayError('OPERATION_NOT_SUPPORTED', 'Subscriptions are not supported by this gateway.');
    }
    const entry = {
      id: ++lastId,
      plannable: toPlannable(prepared.document, supergraph.planner.required, decision?.refused),
    };
    entries.set(decision ?? operation, entry);
    return entry;
  }

  function begin(request: PlanRequest, { plannable }: Entry, conditions: Conditions, key: string): Work<KnownPlan> {
    const { supergraph, prepared, operation, labels, decision, client } = request;
    const { result, join } = supergraph.planner.plan(
      {
        document: print(plannable.document),
        operationName: operation.name?.value,
        conditions: new Map(Object.entries(plannable.rename(Object.fromEntries(conditions)))) as Conditions,
        labels,
      },
      client,
    );
    const keep = ({ plan, characters }: SizedPlan): KnownPlan => {
      const known: KnownPlan = { plan, plannable, prepared, operation, conditions, labels, decision, uses: 0 };
      const name = `plan ${prepared.hash} ${operation.name?.value ?? ''} ${decision?.key ?? ''} ${variantOf(conditions, labels)}`;
      memoOf(supergraph).plans.keep(key, known, characters * BYTES_PER_CHARACTER, name);
      return known;
    };
    return { result: result.then(keep, rethrow), join };
  }

  return (request) => {
    const entry = entryOf(request);
    const conditions = readConditions(request.prepared.document, request.coercedVariables);
    const key = `${entry.id}${variantOf(conditions, request.labels)}`;
    const memo = memoOf(request.supergraph);
    const known = memo.plans.get(key);
    if (known === undefined) {
      return memo.plans.share(key, request.client, () => begin(request, entry, conditions, key)).then(count);
    }
    memo.countUse(known);
    return known;

    function count(made: KnownPlan): KnownPlan {
      memo.countUse(made);
      return made;
    }
  };
}

function rethrow(error: unknown): never {
  throw explainRefusal(error);
}

/** On the way of every request: most have neither conditions nor labels. */
function variantOf(conditions: Conditions, labels: PlanRequest['labels']): string {
  let variant = '';
  for (const isTrue of conditions.values()) variant += isTrue ? '+' : '-';
  if (labels !== undefined) for (const [label, isOn] of labels) if (isOn) variant += ` ${label}`;
  return variant;
}
