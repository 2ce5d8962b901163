import type { GraphQLFormattedError } from 'graphql';
import type { Conditions } from './conditions.ts';
import type { QueryPlan } from './plan.ts';
import type { PlannerBounds, SupergraphFacts } from './planner.ts';
import type { RequiredNames } from './required-names.ts';

/** What a planner thread is started with. */
export interface PlannerWorkerData {
  readonly supergraphSdl: string;
  readonly bounds: PlannerBounds;
  readonly role: ThreadRole;
}

/**
 * The first thread of a supergraph tells all that is known of it, and further ones nothing. That of a pair takes supergraphs for valid,
 * as `compose` makes them, and reads a second one: see `planner-pair.ts`.
 */
export type ThreadRole = 'first' | 'further' | 'pair';

/** What a thread says. */
export type PlannerMessage = (PlannerStart | PlannerReply) & {
  /** How long the thread has computed since it was started, in milliseconds. */
  readonly cpuMs: number;
};

/** The first message of a thread. */
export type PlannerStart =
  | { readonly kind: 'ready'; readonly told?: TransferredFacts }
  | { readonly kind: 'unusable'; readonly message: string };

export interface TransferredFacts {
  readonly facts: SupergraphFacts;
  /** SDL, in pieces of whole definitions (see `schema-pieces.ts`). */
  readonly schemas: { readonly apiSchema: readonly string[]; readonly schema: readonly string[] };
}

/** What a thread can be asked for. */
export type PlannerTask = ReadTask | ValidateTask | PlanTask;

/** Reads a second supergraph. */
export interface ReadTask {
  readonly kind: 'read';
  readonly supergraphSdl: string;
}

/** Checks a query text that parses against the API schema. */
export interface ValidateTask {
  readonly kind: 'validate';
  readonly text: string;
  /** Whether the second supergraph of the thread is meant. */
  readonly onSecond?: boolean;
}

/** Plans an operation that is valid and plannable. */
export interface PlanTask {
  readonly kind: 'plan';
  /** Whether the second supergraph of the thread is meant. */
  readonly onSecond?: boolean;
  /** The plannable document as text. */
  readonly document: string;
  readonly operationName: string | undefined;
  readonly conditions: Conditions;
  readonly labels: ReadonlyMap<string, boolean> | undefined;
}

export interface TaskResults {
  /** What the planner may add to an operation on each: see `toPlannable`. */
  readonly read: { readonly first: RequiredNames; readonly second: RequiredNames };
  readonly validate: readonly GraphQLFormattedError[];
  readonly plan: SizedPlan;
}

export interface SizedPlan {
  readonly plan: QueryPlan;
  /** Of its JSON: what it takes in memory is in proportion to it. */
  readonly characters: number;
}

/** The answer to a task. Errors are plain data, because a clone of one loses what it has besides its message. */
export type PlannerReply =
  | { readonly kind: 'done'; readonly result: TaskResults[PlannerTask['kind']] }
  | { readonly kind: 'refused'; readonly fault: 'too large' | 'too many choices'; readonly message: string }
  | { readonly kind: 'failed'; readonly message: string; readonly stack: string | undefined };
