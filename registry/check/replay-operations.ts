import { type DocumentNode, Kind, type OperationDefinitionNode, parse, print, visit } from 'graphql';
import type { Conditions } from '../../planning/conditions.ts';
import { fetchesIn } from '../../planning/plan-check.ts';
import { toPlannable } from '../../planning/plannable.ts';
import type { Planners } from '../../planning/planners.ts';
import type { OpenPlanner } from '../../planning/threaded-planner.ts';
import type { UsedOperation } from '../storage/usage-window.ts';

export interface ReplayOptions {
  readonly planners: Planners;
  /** How long all of it may take, in milliseconds. */
  readonly budgetMs: number;
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
const CLIENT = 'check';

/**
 * Validates and plans operations on a supergraph and on the one that is to follow it, in planner threads, those first that come
 * first. What was not valid before is not looked at: literals were taken out of the texts, and what stands for them may not fit.
 */
export async function replayOperations(
  beforeSdl: string,
  afterSdl: string,
  operations: readonly UsedOperation[],
  { planners, budgetMs }: ReplayOptions,
): Promise<Replay> {
  const outcomes = new Map<UsedOperation, Outcome>();
  if (operations.length > 0) {
    const opening = [beforeSdl, afterSdl].map((sdl) => planners.open(sdl));
    const { promise: over, resolve: end } = Promise.withResolvers<void>();
    const timer = setTimeout(end, budgetMs);
    const deadline = { isOver: false };
    // A supergraph that cannot be planned on at all shows nothing of its operations.
    await Promise.race([over, replayAll(opening, operations, outcomes, deadline).catch(() => undefined)]);
    deadline.isOver = true;
    clearTimeout(timer);
    // Refuses what still waits in them. Nobody waits for that.
    for (const planner of opening) void planner.then(({ close }) => close()).catch(() => undefined);
  }
  const of = <Kind extends Outcome['kind']>(kind: Kind) =>
    [...outcomes].flatMap(([operation, outcome]) =>
      outcome.kind === kind ? [{ operation, ...(outcome as Extract<Outcome, { readonly kind: Kind }>) }] : [],
    );
  const replayed = outcomes.size - of('not replayed').length;
  return {
    replayed,
    notReplayed: operations.length - replayed,
    invalid: of('invalid'),
    unplanned: of('unplanned'),
    grown: of('grown'),
  };
}

async function replayAll(
  opening: readonly Promise<OpenPlanner>[],
  operations: readonly UsedOperation[],
  outcomes: Map<UsedOperation, Outcome>,
  deadline: { readonly isOver: boolean },
): Promise<void> {
  const [before, after] = await Promise.all(opening);
  if (before === undefined || after === undefined) throw new TypeError('two planners are compared');
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

async function replay(before: OpenPlanner, after: OpenPlanner, text: string): Promise<Outcome> {
  const [formerErrors, errors] = await Promise.all(
    [before, after].map((planner) => planner.validate(text, CLIENT).result),
  );
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
  planner: OpenPlanner,
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
  const { plan } = await planner.plan(task, CLIENT).result;
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
