import { type FieldNode, Kind, type SelectionNode, type SelectionSetNode } from 'graphql';
import { readOperation } from './fetch-text.ts';
import type { FetchNode, PlanNode, QueryPlan, QueryPlanSelectionNode } from './plan.ts';
import { isInOrder } from './plan-order.ts';
import { type Demanded, ROOTS } from './subgraph-demands.ts';

/** Looks whether a plan asks subgraphs only for what they can tell with what they are given. */
export type CheckPlan = (plan: QueryPlan) => boolean;

/**
 * Makes the check for plans on a supergraph. It finds a field that is fetched without what it requires, an external field
 * that is fetched where it is not provided, and what is required before it is there.
 */
export function createPlanCheck(known: Demanded): CheckPlan {
  if (![...known.demands.values()].some(({ requires }) => requires !== undefined)) return () => true;
  return (plan) => {
    const { node } = plan;
    if (node === undefined || node.kind === 'Subscription') return true;
    return fetchesIn(node).every((fetch) => isSound(fetch, known)) && isInOrder(plan, known);
  };
}

/** The fetches of a plan, in its order. */
export function fetchesIn(node: PlanNode): FetchNode[] {
  switch (node.kind) {
    case 'Sequence':
    case 'Parallel':
      return node.nodes.flatMap(fetchesIn);
    case 'Flatten':
      return fetchesIn(node.node);
    case 'Condition':
      return [node.ifClause, node.elseClause].flatMap((clause) => (clause === undefined ? [] : fetchesIn(clause)));
    case 'Fetch':
      return [node];
    case 'Defer':
      return [];
  }
}

function isSound(fetch: FetchNode, known: Demanded): boolean {
  const operation = readOperation(fetch);
  const [entities] = operation.selectionSet.selections;
  const check = createCheck(fetch.serviceName, known);
  if (fetch.requires === undefined)
    return check(operation.selectionSet, ROOTS[operation.operation], undefined, undefined);
  if (entities?.kind !== Kind.FIELD || entities.selectionSet === undefined) return true;
  return check(entities.selectionSet, undefined, undefined, fetch.requires);
}

type Given = readonly QueryPlanSelectionNode[] | undefined;

function createCheck(subgraph: string, { demands, typeOf }: Demanded) {
  /** @param given the representations, for the fields of the entities themselves */
  return function check(
    selectionSet: SelectionSetNode,
    type: string | undefined,
    provided: SelectionSetNode | undefined,
    given: Given,
  ): boolean {
    return selectionSet.selections.every((selection) => {
      if (selection.kind === Kind.FRAGMENT_SPREAD) return true;
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        return check(selection.selectionSet, selection.typeCondition?.name.value ?? type, provided, given);
      }
      if (type === undefined) return true;
      const name = selection.name.value;
      const found = demands.get(`${subgraph} ${type}.${name}`);
      const isProvided = provided !== undefined && findField(provided.selections, name) !== undefined;
      if (found?.isExternal === true && !isProvided) return false;
      if (found?.requires !== undefined) {
        const isLocal = provided !== undefined && includes(provided.selections, found.requires);
        if (!isLocal && !includes(given ?? [], found.requires)) return false;
      }
      if (selection.selectionSet === undefined) return true;
      const inner = provided && findField(provided.selections, name)?.selectionSet;
      const both = [...(inner?.selections ?? []), ...(found?.provides?.selections ?? [])];
      const below = both.length === 0 ? undefined : ({ kind: Kind.SELECTION_SET, selections: both } as const);
      return check(selection.selectionSet, typeOf.get(`${type}.${name}`), below, undefined);
    });
  };
}

type Selections = readonly (SelectionNode | QueryPlanSelectionNode)[];

/** Whether selections have all that a field set asks for, whatever the types on the way. */
function includes(selections: Selections, { selections: wanted }: SelectionSetNode): boolean {
  return wanted.every((selection) => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return true;
    if (selection.kind === Kind.INLINE_FRAGMENT) return includes(selections, selection.selectionSet);
    if (selection.name.value === '__typename') return true;
    const below = belowOf(selections, selection.name.value);
    if (below === undefined) return false;
    return selection.selectionSet === undefined || includes(below, selection.selectionSet);
  });
}

/** What is selected below all fields of a name; `undefined` when there is none. */
function belowOf(selections: Selections, name: string): Selections | undefined {
  let found: (SelectionNode | QueryPlanSelectionNode)[] | undefined;
  for (const selection of selections) {
    if (selection.kind === Kind.FRAGMENT_SPREAD) continue;
    const inner = ('selections' in selection ? selection.selections : selectionsOf(selection)) ?? [];
    if (selection.kind === 'InlineFragment') found = join(found, belowOf(inner, name));
    else if (nameOf(selection) === name) found = join(found, inner);
  }
  return found;
}

function join<Item>(one: readonly Item[] | undefined, other: readonly Item[] | undefined): Item[] | undefined {
  return one === undefined && other === undefined ? undefined : [...(one ?? []), ...(other ?? [])];
}

function selectionsOf(selection: object): Selections {
  const { selectionSet } = selection as { readonly selectionSet?: SelectionSetNode };
  return selectionSet?.selections ?? [];
}

function nameOf({ name }: { readonly name: string | { readonly value: string } }): string {
  return typeof name === 'string' ? name : name.value;
}

function findField(selections: readonly SelectionNode[], name: string): FieldNode | undefined {
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD && selection.name.value === name) return selection;
    const inner =
      selection.kind === Kind.INLINE_FRAGMENT ? findField(selection.selectionSet.selections, name) : undefined;
    if (inner !== undefined) return inner;
  }
  return undefined;
}
