import { Kind, type SelectionSetNode } from 'graphql';
import { readOperation } from './fetch-text.ts';
import type { FetchNode, PlanNode, QueryPlan, QueryPlanSelectionNode } from './plan.ts';
import { type Demanded, ROOTS } from './subgraph-demands.ts';

/**
 * Places in the data, as keys joined by dots; lists make no difference. `__typename` is one of them where the type of an
 * object is told: a subgraph that has it as an `@interfaceObject` tells none.
 */
export type Places = ReadonlySet<string>;

/** Whether each fetch of a plan comes after those that bring what it requires. */
export function isInOrder({ node }: QueryPlan, known: Demanded): boolean {
  return node === undefined || node.kind === 'Subscription' || walk(node, [], new Set(), known) !== undefined;
}

/** @returns what is there after a step; `undefined` when something was missing */
function walk(node: PlanNode, path: readonly string[], before: Places, known: Demanded): Places | undefined {
  switch (node.kind) {
    case 'Sequence':
      return node.nodes.reduce<Places | undefined>(
        (there, step) => (there === undefined ? undefined : walk(step, path, there, known)),
        before,
      );
    case 'Parallel': {
      const after = node.nodes.map((step) => walk(step, path, before, known));
      return after.every((places) => places !== undefined)
        ? new Set(after.flatMap((places) => [...places]))
        : undefined;
    }
    case 'Flatten':
      return walk(node.node, [...path, ...node.path.filter((step) => step !== '@').map(String)], before, known);
    case 'Condition': {
      const after = [node.ifClause, node.elseClause].map((clause) =>
        clause === undefined ? before : walk(clause, path, before, known),
      );
      return after.every((places) => places !== undefined)
        ? new Set(after.flatMap((places) => [...places]))
        : undefined;
    }
    case 'Defer':
      return before;
    case 'Fetch':
      return placesAfter(node, path, before, known);
  }
}

/** @returns what is there after a fetch for the objects at a path; `undefined` when what it requires is not there before */
export function placesAfter(
  node: FetchNode,
  path: readonly string[],
  before: Places,
  known: Demanded,
): Places | undefined {
  const { requires, serviceName, outputRewrites = [] } = node;
  if (requires !== undefined && !isThere(requires, path, before, known)) return undefined;
  const operation = readOperation(node);
  const [entities] = operation.selectionSet.selections;
  const brought =
    requires !== undefined && entities?.kind === Kind.FIELD ? entities.selectionSet : operation.selectionSet;
  const places = new Set(before);
  const renamed = new Map(
    outputRewrites.flatMap((rewrite) =>
      rewrite.kind === 'KeyRenamer' ? [[rewrite.path.at(-1), rewrite.renameKeyTo] as const] : [],
    ),
  );
  const add = ({ selections }: SelectionSetNode, at: readonly string[], type: string | undefined): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) continue;
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        add(selection.selectionSet, at, selection.typeCondition?.name.value ?? type);
        continue;
      }
      const key = (selection.alias ?? selection.name).value;
      if (key === '__typename' && known.interfaceObjects.get(type ?? '')?.has(serviceName)) continue;
      const below = known.typeOf.get(`${type}.${selection.name.value}`);
      for (const each of new Set([key, renamed.get(key) ?? key])) {
        const place = [...at, each];
        places.add(place.join('.'));
        if (selection.selectionSet !== undefined) add(selection.selectionSet, place, below);
      }
    }
  };
  if (brought !== undefined) add(brought, path, requires === undefined ? ROOTS[operation.operation] : undefined);
  return places;
}

function isThere(
  selections: readonly QueryPlanSelectionNode[],
  path: readonly string[],
  there: Places,
  known: Demanded,
): boolean {
  return selections.every((selection) => {
    if (selection.kind === 'InlineFragment') {
      const isAnyType = known.interfaceObjects.has(selection.typeCondition ?? '');
      if (!isAnyType && !there.has([...path, '__typename'].join('.'))) return false;
      return isThere(selection.selections, path, there, known);
    }
    if (selection.name === '__typename') return true;
    const place = [...path, selection.alias ?? selection.name];
    return there.has(place.join('.')) && isThere(selection.selections ?? [], place, there, known);
  });
}
