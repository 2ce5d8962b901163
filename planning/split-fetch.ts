import { Kind, type SelectionNode } from 'graphql';
import { entityFieldsOf } from './entity-fields.ts';
import { printOperation, readOperation, selectionSetOf } from './fetch-text.ts';
import type { FetchNode, QueryPlanSelectionNode } from './plan.ts';
import type { RequiredValues, RequiredValuesOf } from './required-values.ts';

/** Fields of one fetch that can share its representations. */
interface Group {
  readonly values: Map<string, string>;
  /** As they stand below `_entities`, each in its fragment. */
  readonly selections: SelectionNode[];
}

/**
 * Makes of one fetch as many as there are different values that its fields require at one place of a representation.
 *
 * @param originals the fields that `separateRequiredArguments` added, and the field that each stands for
 */
export function splitFetch(
  node: FetchNode,
  originals: ReadonlyMap<string, string>,
  requiredValuesOf: RequiredValuesOf,
): FetchNode[] {
  const { requires } = node;
  if (requires === undefined || !isAmbiguous(requires, originals)) return [node];
  const operation = readOperation(node);
  const [entities] = operation.selectionSet.selections;
  if (entities?.kind !== Kind.FIELD) return [node];

  const groups: Group[] = [];
  for (const { field, type, alone } of entityFieldsOf(entities)) {
    const values = type === undefined ? new Map() : requiredValuesOf(node.serviceName, type, field.name.value);
    const group: Group = groups.find((each) => agree(each.values, values)) ?? { values: new Map(), selections: [] };
    if (!groups.includes(group)) groups.push(group);
    for (const [at, value] of values) group.values.set(at, value);
    group.selections.push(alone);
  }

  return groups.map(({ values, selections }) => ({
    ...node,
    requires: only(requires, '', values, originals),
    ...printOperation({
      ...operation,
      selectionSet: selectionSetOf([{ ...entities, selectionSet: selectionSetOf(selections) }]),
    }),
  }));
}

function agree(one: RequiredValues, other: RequiredValues): boolean {
  return [...other].every(([place, value]) => (one.get(place) ?? value) === value);
}

/** Whether two values would have to stand at one place. */
function isAmbiguous(selections: readonly QueryPlanSelectionNode[], originals: ReadonlyMap<string, string>): boolean {
  const values = new Map<string, string>();
  const isTwice = (inner: readonly QueryPlanSelectionNode[], parent: string): boolean =>
    inner.some((selection) => {
      if (selection.kind === 'InlineFragment') return isTwice(selection.selections, parent);
      const place = `${parent}/${originals.get(selection.name) ?? selection.name}`;
      if ((values.get(place) ?? selection.name) !== selection.name) return true;
      values.set(place, selection.name);
      return isTwice(selection.selections ?? [], place);
    });
  return isTwice(selections, '');
}

/** What a fetch requires, with only those values that it is for. */
function only(
  selections: readonly QueryPlanSelectionNode[],
  parent: string,
  values: RequiredValues,
  originals: ReadonlyMap<string, string>,
): QueryPlanSelectionNode[] {
  return selections.flatMap((selection): QueryPlanSelectionNode[] => {
    if (selection.kind === 'InlineFragment') {
      const kept = only(selection.selections, parent, values, originals);
      return kept.length === 0 ? [] : [{ ...selection, selections: kept }];
    }
    const original = originals.get(selection.name);
    const place = `${parent}/${original ?? selection.name}`;
    if (original !== undefined && values.get(place) !== selection.name) return [];
    if (selection.selections === undefined) return [selection];
    const kept = only(selection.selections, place, values, originals);
    return kept.length === 0 ? [] : [{ ...selection, selections: kept }];
  });
}
