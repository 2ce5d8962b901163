import { Kind, type SelectionNode } from 'graphql';
import { entityFieldsOf } from './entity-fields.ts';
import { printOperation, readOperation, selectionSetOf } from './fetch-text.ts';
import type { FetchNode, PlanNode, QueryPlan, QueryPlanSelectionNode } from './plan.ts';
import { type Places, placesAfter } from './plan-order.ts';
import type { Demanded } from './subgraph-demands.ts';

/** A fetch, and where it is for. */
interface Placed {
  readonly path: readonly (string | number)[];
  readonly fetch: FetchNode;
}

/**
 * Puts the fetches of a plan into an order in which each finds what it requires, whatever order they had. A fetch that
 * brings several fields is taken apart by what they require, because one of them can be waiting for another. The planner
 * forgets such waiting where it joins fetches, and where it comes to a subgraph by a key that has yet to be fetched.
 *
 * @returns `undefined` where no order will do, or the plan has more than fetches
 */
export function reschedule(plan: QueryPlan, known: Demanded): QueryPlan | undefined {
  const { node } = plan;
  const placed = node === undefined || node.kind === 'Subscription' ? undefined : placedIn(node, []);
  if (placed === undefined) return undefined;
  let there: Places = new Set();
  const steps: PlanNode[] = [];
  for (const turn of turnsOf(placed)) {
    let waiting = turn.flatMap(({ path, fetch }) => takeApart(fetch, known).map((part) => ({ path, fetch: part })));
    while (waiting.length > 0) {
      const before = there;
      const ready = waiting.filter(({ path, fetch }) => placesAfter(fetch, keysOf(path), before, known) !== undefined);
      if (ready.length === 0) return undefined;
      for (const { path, fetch } of ready) there = placesAfter(fetch, keysOf(path), there, known) ?? there;
      const nodes = ready.map(toNode);
      steps.push(nodes.length === 1 && nodes[0] !== undefined ? nodes[0] : { kind: 'Parallel', nodes });
      waiting = waiting.filter((each) => !ready.includes(each));
    }
  }
  return { ...plan, node: { kind: 'Sequence', nodes: steps } };
}

/** Each call of a mutation with all that follows it: what one field answers is read before the next changes it. */
function turnsOf(placed: readonly Placed[]): Placed[][] {
  const turns: Placed[][] = [];
  for (const each of placed) {
    const turn = turns.at(-1);
    if (turn === undefined || each.fetch.operationKind === 'mutation') turns.push([each]);
    else turn.push(each);
  }
  return turns;
}

function placedIn(node: PlanNode, path: readonly (string | number)[]): Placed[] | undefined {
  switch (node.kind) {
    case 'Sequence':
    case 'Parallel': {
      const inner = node.nodes.map((each) => placedIn(each, path));
      return inner.every((each) => each !== undefined) ? inner.flat() : undefined;
    }
    case 'Flatten':
      return placedIn(node.node, [...path, ...node.path]);
    case 'Fetch':
      return node.contextRewrites === undefined ? [{ path, fetch: node }] : undefined;
    case 'Condition':
    case 'Defer':
      return undefined;
  }
}

function toNode({ path, fetch }: Placed): PlanNode {
  return path.length === 0 ? fetch : { kind: 'Flatten', path: [...path], node: fetch };
}

function keysOf(path: readonly (string | number)[]): string[] {
  return path.filter((step) => step !== '@').map(String);
}

/** One fetch for each set of values that some of the fields require. */
function takeApart(fetch: FetchNode, known: Demanded): FetchNode[] {
  const { requires } = fetch;
  if (requires === undefined) return [fetch];
  const operation = readOperation(fetch);
  const [entities] = operation.selectionSet.selections;
  if (entities?.kind !== Kind.FIELD) return [fetch];

  const isKey = (type: string | undefined, name: string) =>
    known.keysOf.get(`${fetch.serviceName} ${type}`)?.has(name) === true;
  const fields = entityFieldsOf(entities).map(({ field, type, alone }) => {
    const demanded = known.demands.get(`${fetch.serviceName} ${type}.${field.name.value}`)?.requires;
    return { alone, type, names: namesIn(demanded?.selections ?? []) };
  });
  const all = new Set(fields.flatMap(({ names }) => [...names]));
  const groups = new Map<
    string,
    { readonly requires: QueryPlanSelectionNode[]; readonly selections: SelectionNode[] }
  >();
  for (const { alone, type, names } of fields) {
    const isKept = (name: string, on: string | undefined) =>
      !all.has(name) || names.has(name) || isKey(type, name) || isKey(on, name);
    const kept = keep(requires, undefined, isKept);
    const key = JSON.stringify(kept);
    const group = groups.get(key) ?? { requires: kept, selections: [] };
    group.selections.push(alone);
    groups.set(key, group);
  }
  if (groups.size < 2) return [fetch];
  return [...groups.values()].map((group) => ({
    ...fetch,
    requires: group.requires,
    ...printOperation({
      ...operation,
      selectionSet: selectionSetOf([{ ...entities, selectionSet: selectionSetOf(group.selections) }]),
    }),
  }));
}

function keep(
  selections: readonly QueryPlanSelectionNode[],
  type: string | undefined,
  isKept: (name: string, type: string | undefined) => boolean,
): QueryPlanSelectionNode[] {
  return selections.flatMap((selection): QueryPlanSelectionNode[] => {
    if (selection.kind === 'Field') return isKept(selection.name, type) ? [selection] : [];
    return [{ ...selection, selections: keep(selection.selections, selection.typeCondition ?? type, isKept) }];
  });
}

function namesIn(selections: readonly SelectionNode[]): Set<string> {
  return new Set(
    selections.flatMap((selection): string[] => {
      if (selection.kind === Kind.FIELD) return [selection.name.value];
      return selection.kind === Kind.INLINE_FRAGMENT ? [...namesIn(selection.selectionSet.selections)] : [];
    }),
  );
}
