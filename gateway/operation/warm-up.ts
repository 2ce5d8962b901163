import type { OperationDefinitionNode } from 'graphql';
import type { Log } from '../../service/logs.ts';
import type { AccessDecision } from '../execution/access-decision.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import type { OperationMemo } from './operation-memo.ts';
import type { KnownPlan, Plan } from './plan.ts';
import { type Prepare, type Prepared, selectOperation } from './prepare.ts';

/**
 * Readies the operations that were used most on one supergraph for the next, before it is served. Never rejects: what cannot
 * be made ready is made when it is asked for.
 */
export type WarmUp = (next: Supergraph, previous: Supergraph, signal: AbortSignal) => Promise<void>;

/** @param previous `undefined` when nothing of the operation was guarded */
export type DecideAgain = (
  operation: {
    readonly supergraph: Supergraph;
    readonly prepared: Prepared;
    readonly operation: OperationDefinitionNode;
  },
  previous: AccessDecision | undefined,
) => AccessDecision | undefined;

export interface WarmUpOptions {
  readonly memoOf: (supergraph: Supergraph) => OperationMemo;
  readonly prepare: Prepare;
  readonly plan: Plan;
  /** What one of those who were decided on so before may have of an operation on another supergraph. */
  readonly decideAgain: DecideAgain;
  /** How many plans are made; 0 for none. */
  readonly count: number;
  /** How long it may take, in milliseconds. */
  readonly timeoutMs: number;
  readonly log: Log;
}

/** Warming is a client among others: requests that come on the next supergraph take turns with it. */
const CLIENT = 'warm-up';
/** One is planned while the next one is readied here. */
const AT_ONCE = 2;

/** Makes the function that warms up. */
export function createWarmUp({ memoOf, prepare, plan, decideAgain, count, timeoutMs, log }: WarmUpOptions): WarmUp {
  return async (next, previous, signal) => {
    const began = Date.now();
    const popular = mostUsed(memoOf(previous).plans.values(), count);
    if (popular.length === 0) return;
    const enough = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const isEnough = new Promise<void>((resolve) => enough.addEventListener('abort', () => resolve(), { once: true }));
    const waiting = popular.values();
    let warmed = 0;
    const warmInTurn = async () => {
      for (const known of waiting) {
        if (enough.aborted) return;
        if (await warm(next, known)) warmed++;
      }
    };
    await Promise.race([isEnough, Promise.all(Array.from({ length: AT_ONCE }, warmInTurn))]);
    log.info({ warmed, of: popular.length, durationMs: Date.now() - began }, 'operations are planned ahead');
  };

  /** @returns whether it is valid and planned; most of the others are no longer valid */
  async function warm(supergraph: Supergraph, known: KnownPlan): Promise<boolean> {
    const { operation, conditions, labels, decision, uses } = known;
    try {
      const prepared = await prepare({ supergraph, text: known.prepared.text, client: CLIENT });
      const again = selectOperation(prepared, operation.name?.value);
      const coercedVariables = Object.fromEntries(conditions);
      const planned = await plan({
        supergraph,
        prepared,
        operation: again,
        coercedVariables,
        labels: labels && new Map([...labels].filter(([label]) => supergraph.planner.overrideLabels.has(label))),
        decision: decideAgain({ supergraph, prepared, operation: again }, decision),
        client: CLIENT,
      });
      // Not all of it: what is popular on the next supergraph has yet to be shown.
      planned.uses = uses / 2;
      return true;
    } catch (error) {
      log.debug({ err: error, operation: operation.name?.value }, 'an operation is not planned ahead');
      return false;
    }
  }
}

function mostUsed(plans: Iterable<KnownPlan>, count: number): readonly KnownPlan[] {
  return [...plans].sort((one, other) => other.uses - one.uses).slice(0, count);
}
