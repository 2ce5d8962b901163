import { type OperationDefinitionNode, valueFromASTUntyped } from 'graphql';
import type { Log } from '../../service/logs.ts';
import { GatewayError } from '../errors.ts';
import type { AccessDecision } from '../execution/access-decision.ts';
import type { Json } from '../execution/own.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import type { OperationMemo } from './operation-memo.ts';
import type { DecideLabels } from './override-labels.ts';
import type { KnownPlan, Plan } from './plan.ts';
import { type Prepare, type Prepared, selectOperation } from './prepare.ts';

/**
 * Readies operations for a supergraph: those that were used most on the one before, if there was one, then those that are known
 * anyway. Resolves when that is done or has taken long enough, and goes on with the rest, as long as nobody aborts it. Never
 * rejects: what cannot be made ready is made when it is asked for.
 */
export type WarmUp = (next: Supergraph, previous: Supergraph | undefined, signal: AbortSignal) => Promise<void>;

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
  readonly decideLabels: DecideLabels;
  /** How many of the most used are planned; 0 for none. */
  readonly count: number;
  /** The texts of all that is known anyway: of a manifest. */
  readonly knownTexts: () => readonly string[];
  /** How long it may be waited for, in milliseconds. */
  readonly timeoutMs: number;
  readonly log: Log;
}

/** Warming is a client among others: requests that come on the next supergraph take turns with it. */
const CLIENT = 'warm-up';
/** One is planned while the next one is readied here. */
const AT_ONCE = 2;

/** What is wrong with an operation itself, such as a field that the graph does not have. */
const BAD_REQUEST = 400;
/** How many operations that do not fit are told, and how many characters of each. */
const MOST_TOLD = 20;
const MOST_SHOWN = 200;

interface Unfit {
  readonly text: string;
  readonly reason: string;
}

/** Makes the function that warms up. */
export function createWarmUp(options: WarmUpOptions): WarmUp {
  const { memoOf, prepare, plan, decideAgain, decideLabels, count, knownTexts, timeoutMs, log } = options;

  return async (next, previous, signal) => {
    const began = Date.now();
    const popular = previous === undefined ? [] : mostUsed(memoOf(previous).plans.values(), count);
    const tasks = [
      ...popular.map((known) => () => warm(next, known)),
      ...knownTexts().map((text) => () => warmText(next, text, unfit)),
    ];
    if (tasks.length === 0) return;
    const waiting = tasks.values();
    const unfit: Unfit[] = [];
    let warmed = 0;
    const warmInTurn = async () => {
      for (const task of waiting) {
        if (signal.aborted) return;
        if (await task()) warmed++;
      }
    };
    const work = Promise.all(Array.from({ length: AT_ONCE }, warmInTurn)).then(() => {
      log.info({ warmed, of: tasks.length, durationMs: Date.now() - began }, 'operations are planned ahead');
      if (unfit.length > 0)
        log.warn(
          { count: unfit.length, operations: unfit.slice(0, MOST_TOLD) },
          'operations of the manifest do not fit this graph, and are refused',
        );
    });
    const enough = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const isEnough = new Promise<void>((resolve) => enough.addEventListener('abort', () => resolve(), { once: true }));
    await Promise.race([isEnough, work]);
  };

  /** All operations of a text, as one who sends no variables but their defaults would ask for them. */
  async function warmText(supergraph: Supergraph, text: string, unfit: Unfit[]): Promise<boolean> {
    try {
      const prepared = await again(() => prepare({ supergraph, text, client: CLIENT }));
      const labels = decideLabels({ supergraph, prepared, headers: {} });
      for (const operation of prepared.operations) {
        const coercedVariables = defaultsOf(operation);
        // By whom nothing is refused.
        const decision = decideAgain({ supergraph, prepared, operation }, undefined);
        await again(() =>
          plan({ supergraph, prepared, operation, coercedVariables, labels, decision, client: CLIENT }),
        );
      }
      return true;
    } catch (error) {
      if (error instanceof GatewayError && error.status === BAD_REQUEST)
        unfit.push({ text: text.slice(0, MOST_SHOWN), reason: error.message });
      else log.debug({ err: error, text }, 'an operation is not planned ahead');
      return false;
    }
  }

  /** @returns whether it is valid and planned; most of the others are no longer valid */
  async function warm(supergraph: Supergraph, known: KnownPlan): Promise<boolean> {
    const { operation, conditions, labels, decision, uses } = known;
    try {
      const prepared = await again(() => prepare({ supergraph, text: known.prepared.text, client: CLIENT }));
      const same = selectOperation(prepared, operation.name?.value);
      const coercedVariables = Object.fromEntries(conditions);
      const request = {
        ...{ supergraph, prepared, operation: same, coercedVariables, client: CLIENT },
        labels: labels && new Map([...labels].filter(([label]) => supergraph.planner.overrideLabels.has(label))),
        decision: decideAgain({ supergraph, prepared, operation: same }, decision),
      };
      const planned = await again(() => plan(request));
      // Not all of it: what is popular on the next supergraph has yet to be shown.
      planned.uses = uses / 2;
      return true;
    } catch (error) {
      log.debug({ err: error, operation: operation.name?.value }, 'an operation is not planned ahead');
      return false;
    }
  }
}

/** Asks twice, the second time of what is known by then: it is kept as what comes again. */
async function again<Value>(ask: () => Value | Promise<Value>): Promise<Value> {
  await ask();
  return ask();
}

function mostUsed(plans: Iterable<KnownPlan>, count: number): readonly KnownPlan[] {
  return [...plans].sort((one, other) => other.uses - one.uses).slice(0, count);
}

/** Only they decide what is planned of it: the value of any other variable is nothing to the planner. */
function defaultsOf({ variableDefinitions = [] }: OperationDefinitionNode): Json {
  return Object.fromEntries(
    variableDefinitions.flatMap(({ variable, defaultValue }) =>
      defaultValue === undefined ? [] : [[variable.name.value, valueFromASTUntyped(defaultValue)]],
    ),
  );
}
