import { type DocumentNode, Kind, parse, print, type SelectionNode, stripIgnoredCharacters, visit } from 'graphql';
import { ANCHOR } from './chained-requirements.ts';
import type { FetchNode, PlanNode, QueryPlan, QueryPlanSelectionNode } from './plan.ts';

/** Takes out of a plan what `anchorChains` made the planner fetch, and the fetches that were for nothing else. */
export function removeAnchors(plan: QueryPlan): QueryPlan {
  const { node } = plan;
  if (node === undefined || node.kind === 'Subscription') return plan;
  const [kept] = keep(node);
  return kept === undefined ? { kind: plan.kind } : { ...plan, node: kept };
}

function keep(node: PlanNode): PlanNode[] {
  switch (node.kind) {
    case 'Sequence':
    case 'Parallel': {
      const nodes = node.nodes.flatMap(keep);
      return nodes.length > 1 ? [{ ...node, nodes }] : nodes;
    }
    case 'Flatten':
      return keep(node.node).map((inner) => ({ ...node, node: inner }));
    case 'Condition': {
      const [ifClause] = node.ifClause === undefined ? [] : keep(node.ifClause);
      const [elseClause] = node.elseClause === undefined ? [] : keep(node.elseClause);
      if (ifClause === undefined && elseClause === undefined) return [];
      const { condition } = node;
      return [{ kind: 'Condition', condition, ...(ifClause && { ifClause }), ...(elseClause && { elseClause }) }];
    }
    case 'Defer':
      return [node];
    case 'Fetch':
      return keepFetch(node);
  }
}

function keepFetch(node: FetchNode): FetchNode[] {
  const requires = node.requires === undefined ? {} : { requires: withoutAnchors(node.requires) };
  if (!node.operation.includes(ANCHOR)) return [{ ...node, ...requires }];
  const document: DocumentNode = visit(parse(node.operation, { noLocation: true }), {
    Field: ({ name }) => (name.value.startsWith(ANCHOR) ? null : undefined),
    SelectionSet: { leave: ({ selections }) => (selections.length === 0 ? null : undefined) },
    InlineFragment: { leave: (fragment) => (isEmpty(fragment) ? null : undefined) },
  });
  const [operation] = document.definitions;
  const entities = operation?.kind === Kind.OPERATION_DEFINITION ? operation.selectionSet?.selections[0] : undefined;
  if (node.requires !== undefined && (entities?.kind !== Kind.FIELD || isEmpty(entities))) return [];
  return [{ ...node, ...requires, operation: stripIgnoredCharacters(print(document)) }];
}

/** Whether nothing is left below, or only what tells a type that is known. */
function isEmpty(node: SelectionNode): boolean {
  if (node.kind === Kind.FRAGMENT_SPREAD) return false;
  const { selectionSet } = node;
  if (selectionSet === undefined || selectionSet === null) return true;
  return selectionSet.selections.every(
    (selection) =>
      (selection.kind === Kind.FIELD && selection.name.value === '__typename' && selection.alias === undefined) ||
      (selection.kind === Kind.INLINE_FRAGMENT && isEmpty(selection)),
  );
}

function withoutAnchors(selections: readonly QueryPlanSelectionNode[]): QueryPlanSelectionNode[] {
  return selections.flatMap((selection): QueryPlanSelectionNode[] => {
    if (selection.kind === 'InlineFragment')
      return [{ ...selection, selections: withoutAnchors(selection.selections) }];
    if (selection.name.startsWith(ANCHOR)) return [];
    return selection.selections === undefined
      ? [selection]
      : [{ ...selection, selections: withoutAnchors(selection.selections) }];
  });
}
