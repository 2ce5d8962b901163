import { Kind, parse, type SelectionSetNode } from 'graphql';
import type { FetchNode, PlanNode, QueryPlan, QueryPlanSelectionNode } from './plan.ts';

/** Places in the data, as keys joined by dots; lists and types make no difference. */
export type Places = ReadonlySet<string>;

/** Whether each fetch of a plan comes after those that bring what it requires. */
export function isInOrder({ node }: QueryPlan): boolean {
  return node === undefined || node.kind === 'Subscription' || walk(node, [], new Set()) !== undefined;
}

/** @returns what is there after a step; `undefined` when something was missing */
function walk(node: PlanNode, path: readonly string[], before: Places): Places | undefined {
  switch (node.kind) {
    case 'Sequence':
      return node.nodes.reduce<Places | undefined>(
        (there, step) => (there === undefined ? undefined : walk(step, path, there)),
        before,
      );
    case 'Parallel': {
      const after = node.nodes.map((step) => walk(step, path, before));
      return after.every((places) => places !== undefined)
        ? new Set(after.flatMap((places) => [...places]))
        : undefined;
    }
    case 'Flatten':
      return walk(node.node, [...path, ...node.path.filter((step) => step !== '@').map(String)], before);
    case 'Condition': {
      const after = [node.ifClause, node.elseClause].map((clause) =>
        clause === undefined ? before : walk(clause, path, before),
      );
      return after.every((places) => places !== undefined)
        ? new Set(after.flatMap((places) => [...places]))
        : undefined;
    }
    case 'Defer':
      return before;
    case 'Fetch':
      return placesAfter(node, path, before);
  }
}

/** @returns what is there after a fetch for the objects at a path; `undefined` when what it requires is not there before */
export function placesAfter(node: FetchNode, path: readonly string[], before: Places): Places | undefined {
  const { requires, outputRewrites = [] } = node;
  if (requires !== undefined && !isThere(requires, path, before)) return undefined;
  const [operation] = parse(node.operation, { noLocation: true }).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) return before;
  const [entities] = operation.selectionSet.selections;
  const brought =
    requires !== undefined && entities?.kind === Kind.FIELD ? entities.selectionSet : operation.selectionSet;
  const places = new Set(before);
  const renamed = new Map(
    outputRewrites.flatMap((rewrite) =>
      rewrite.kind === 'KeyRenamer' ? [[rewrite.path.at(-1), rewrite.renameKeyTo] as const] : [],
    ),
  );
  const add = ({ selections }: SelectionSetNode, at: readonly string[]): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) continue;
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        add(selection.selectionSet, at);
        continue;
      }
      const key = (selection.alias ?? selection.name).value;
      for (const each of new Set([key, renamed.get(key) ?? key])) {
        const place = [...at, each];
        places.add(place.join('.'));
        if (selection.selectionSet !== undefined) add(selection.selectionSet, place);
      }
    }
  };
  if (brought !== undefined) add(brought, path);
  return places;
}

function isThere(selections: readonly QueryPlanSelectionNode[], path: readonly string[], there: Places): boolean {
  return selections.every((selection) => {
    if (selection.kind === 'InlineFragment') return isThere(selection.selections, path, there);
    if (selection.name === '__typename') return true;
    const place = [...path, selection.alias ?? selection.name];
    return there.has(place.join('.')) && isThere(selection.selections ?? [], place, there);
  });
}
