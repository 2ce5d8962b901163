import { type DocumentNode, Kind, type OperationDefinitionNode, parse, print, visit } from 'graphql';
import type { Conditions } from '../../planning/conditions.ts';
import { fetchesIn } from '../../planning/plan-check.ts';
import { toPlannable } from '../../planning/plannable.ts';
import type { PairedPlanner, PairedPlanners, PlannerPair } from '../../planning/planner-pair.ts';
import type { PlannerPairs } from '../../planning/planner-pairs.ts';
import type { UsedOperation } from '../storage/usage-window.ts';

export interface ReplayOptions {
  readonly pairs: PlannerPairs;
  /** How long the operations may take, in milliseconds. */
  readonly replay: { readonly budgetMs: number };
}

/** Plans operations on a supergraph and on the one that would follow it. What can be done ahead takes longest. */
export interface Replaying {
  /** Reads the supergraph before, while the one that would follow is not known yet. */
  begin(): void;
  /** Reads the one that would follow, if that has begun; ends it where nothing new follows. */
  follow(afterSdl: string | undefined): void;
  /**
   * Validates and plans operations on both, those first that come first; without `begin` and `follow` it takes longer. What was not
   * valid before is not looked at: literals were taken out of the texts, and what stands for them may not fit.
   */
  replay(afterSdl: string, operations: readonly UsedOperation[]): Promise<Replay>;
  /** Ends what is under way. To be called in any case. */
  close(): void;
}

/** What operations would come to on another supergraph. */
export interface Replay {
  readonly replayed: number;
  /** For which there was no time, or that the planner did not plan before either. */
  readonly notReplayed: number;
  /** Valid before, and no longer. */
  readonly invalid: readonly { readonly operation: UsedOperation; readonly message: string }[];
  /** Planned before, and refused now. */
  readonly unplanned: readonly { readonly operation: UsedOperation; readonly message: string }[];
  /** With more fetches than before. */
  readonly grown: readonly { readonly operation: UsedOperation; readonly before: number; readonly after: number }[];
}

type Outcome =
  | { readonly kind: 'same' | 'not replayed' }
  | { readonly kind: 'invalid' | 'unplanned'; readonly message: string }
  | { readonly kind: 'grown'; readonly before: number; readonly after: number };

/** A planner thread does one task at a time: one is always ready for it. */
const AT_ONCE = 4;

/** Starts no thread yet. @param beforeSdl without it there is nothing to replay */
export function createReplay({ pairs, replay: { budgetMs } }: ReplayOptions, beforeSdl: string | undefined): Replaying {
  let pair: PlannerPair | undefined;
  let reading: Promise<PairedPlanners> | undefined;
  let isClosed = false;

  function close(): void {
    isClosed = true;
    // Refuses what still waits in it. Nobody waits for that.
    void pair?.close();
  }

  function open(before: string, after: string): Promise<PairedPlanners> {
    pair ??= pairs.open(before);
    reading ??= pair.read(after);
    // Told to whoever replays.
    reading.catch(() => undefined);
    return reading;
  }

  return {
    begin: () => {
      if (beforeSdl !== undefined && !isClosed) pair ??= pairs.open(beforeSdl);
    },
    follow: (afterSdl) => {
      if (pair === undefined || beforeSdl === undefined) return;
      if (afterSdl === undefined || afterSdl === beforeSdl) close();
      else void open(beforeSdl, afterSdl);
    },
    replay: async (afterSdl, operations) => {
      const outcomes = new Map<UsedOperation, Outcome>();
      if (beforeSdl === undefined || beforeSdl === afterSdl) return toReplay(0, outcomes);
      if (isClosed || operations.length === 0) return toReplay(operations.length, outcomes);
      const { promise: over, resolve: end } = Promise.withResolvers<void>();
      const timer = setTimeout(end, budgetMs);
      const deadline = { isOver: false };
      const replaying = open(beforeSdl, afterSdl).then((planners) =>
        replayAll(planners, operations, outcomes, deadline),
      );
      // A supergraph that cannot be planned on at all shows nothing of its operations.
      await Promise.race([over, replaying.catch(() => undefined)]);
      deadline.isOver = true;
      clearTimeout(timer);
      close();
      return toReplay(operations.length, outcomes);
    },
    close,
  };
}

function toReplay(operations: number, outcomes: ReadonlyMap<UsedOperation, Outcome>): Replay {
  const of = <Kind extends Outcome['kind']>(kind: Kind) =>
    [...outcomes].flatMap(([operation, outcome]) =>
      outcome.kind === kind ? [{ operation, ...(outcome as Extract<Outcome, { readonly kind: Kind }>) }] : [],
    );
  const replayed = outcomes.size - of('not replayed').length;
  return {
    replayed,
    notReplayed: operations - replayed,
    invalid: of('invalid'),
    unplanned: of('unplanned'),
    grown: of('grown'),
  };
}

async function replayAll(
  { first: before, second: after }: PairedPlanners,
  operations: readonly UsedOperation[],
  outcomes: Map<UsedOperation, Outcome>,
  deadline: { readonly isOver: boolean },
): Promise<void> {
  const waiting = operations.values();
  const replayInTurn = async () => {
    for (const operation of waiting) {
      if (deadline.isOver) return;
      const outcome = await replay(before, after, operation.body ?? '').catch(() => NOT_REPLAYED);
      if (!deadline.isOver) outcomes.set(operation, outcome);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, replayInTurn));
}

const NOT_REPLAYED: Outcome = { kind: 'not replayed' };

async function replay(before: PairedPlanner, after: PairedPlanner, text: string): Promise<Outcome> {
  const [formerErrors, errors] = await Promise.all([before, after].map((planner) => planner.validate(text)));
  if (formerErrors?.length !== 0 || errors === undefined) return NOT_REPLAYED;
  if (errors.length > 0) return { kind: 'invalid', message: errors[0]?.message ?? '' };
  const document = parse(text, { noLocation: true });
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  if (operation === undefined || operation.operation === 'subscription') return { kind: 'same' };
  const [former, own] = await Promise.allSettled(
    [before, after].map((planner) => countFetches(planner, document, operation)),
  );
  if (former?.status !== 'fulfilled' || own === undefined) return NOT_REPLAYED;
  if (own.status === 'rejected') return { kind: 'unplanned', message: String(own.reason?.message ?? own.reason) };
  return own.value > former.value ? { kind: 'grown', before: former.value, after: own.value } : { kind: 'same' };
}

async function countFetches(
  planner: PairedPlanner,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): Promise<number> {
  const plannable = toPlannable(document, planner.required);
  const task = {
    document: print(plannable.document),
    operationName: operation.name?.value,
    conditions: everythingShown(plannable.document),
    labels: undefined,
  };
  const { plan } = await planner.plan(task);
  return plan.node === undefined || plan.node.kind === 'Subscription' ? 0 : fetchesIn(plan.node).length;
}

/** As a client asks who includes all there is, and skips nothing. */
function everythingShown(document: DocumentNode): Conditions {
  const conditions = new Map<string, boolean>();
  visit(document, {
    Directive({ name, arguments: given = [] }) {
      const value = given[0]?.value;
      if (value?.kind !== Kind.VARIABLE || (name.value !== 'include' && name.value !== 'skip')) return;
      if (name.value === 'include' || !conditions.has(value.name.value))
        conditions.set(value.name.value, name.value === 'include');
    },
  });
  return conditions;
}
