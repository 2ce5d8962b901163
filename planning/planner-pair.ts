import type { GraphQLFormattedError } from 'graphql';
import type { PlannerBounds } from './planner.ts';
import type { PlannerTask, PlanTask, SizedPlan, TaskResults } from './planner-messages.ts';
import { type PlannerThread, startPlannerThread } from './planner-thread.ts';
import { PlanningRefusal } from './planning-refusal.ts';
import type { RequiredNames } from './required-names.ts';

/**
 * A supergraph and the one that is to follow it, in one thread: what that has loaded and compiled for the first is there for the
 * second, which takes half of the time and the memory of two threads. One that a task keeps too long is ended with it, and
 * another takes its place.
 */
export interface PlannerPair {
  /** Reads the second supergraph. To be called once. @throws {Error} in the planner's words when one of the two is no supergraph */
  read(supergraphSdl: string): Promise<PairedPlanners>;
  /** Ends the thread. What still waits is refused. */
  close(): Promise<void>;
}

export interface PairedPlanners {
  readonly first: PairedPlanner;
  readonly second: PairedPlanner;
}

/** One of the two. Tasks of both are done in the order that they come in. */
export interface PairedPlanner {
  /** What the planner may add to an operation: see `toPlannable`. */
  readonly required: RequiredNames;
  /** Checks a text by the rules of the specification, section 5. @throws {GraphQLError} when it does not parse; and as `PlannerThread.run` does */
  validate(text: string): Promise<readonly GraphQLFormattedError[]>;
  /** Plans one operation of a document that is valid for clients, made plannable first. @throws as `PlannerThread.run` does */
  plan(operation: Omit<PlanTask, 'kind' | 'onSecond'>): Promise<SizedPlan>;
}

export interface PairOptions extends PlannerBounds {
  /** How long one task may take, in milliseconds; reading a supergraph may take any time. */
  readonly timeoutMs: number;
  /** Most memory of the thread's long-lived objects, in megabytes. */
  readonly heapMb: number;
}

/** As long as timers go. */
const ANY_TIME_MS = 2 ** 31 - 1;

/**
 * Starts the thread, which begins to read the first supergraph.
 *
 * @param firstSdl valid, as the second: `compose` has made them
 */
export function openPlannerPair(
  firstSdl: string,
  { timeoutMs, heapMb, maxEvaluatedPlans, maxPaths }: PairOptions,
): PlannerPair {
  const bounds = { maxEvaluatedPlans, maxPaths };
  const start = () => startPlannerThread({ supergraphSdl: firstSdl, bounds, role: 'pair', heapMb });
  let thread = start();
  let turn: Promise<unknown> = Promise.resolve();
  let isClosed = false;

  function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = turn.then(work);
    turn = done.catch(() => undefined);
    return done;
  }

  async function readSecond(supergraphSdl: string): Promise<TaskResults['read']> {
    await thread.ready;
    return thread.run({ kind: 'read', supergraphSdl }, ANY_TIME_MS);
  }

  /** @throws {PlanningRefusal} as it is closed */
  async function ready(secondSdl: string): Promise<PlannerThread> {
    if (isClosed) throw new PlanningRefusal('closed');
    if (thread.hasEnded) {
      thread = start();
      await readSecond(secondSdl);
    }
    return thread;
  }

  return {
    read: async (secondSdl) => {
      const required = await inTurn(() => readSecond(secondSdl));
      const run = <Task extends PlannerTask>(task: Task) =>
        inTurn(async () => (await ready(secondSdl)).run(task, timeoutMs));
      const planner = (onSecond: boolean): PairedPlanner => ({
        required: onSecond ? required.second : required.first,
        validate: (text) => run({ kind: 'validate', text, onSecond }),
        plan: (operation) => run({ kind: 'plan', ...operation, onSecond }),
      });
      return { first: planner(false), second: planner(true) };
    },
    close: () => {
      isClosed = true;
      return thread.close();
    },
  };
}
