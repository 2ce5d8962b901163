import {
  type DocumentNode,
  type FieldNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { writeOutFragments } from './write-out-fragments.ts';

/** A part of an operation, with only some of its leaves, told by their places in the order of the text. */
export interface OperationParts {
  readonly leaves: number;
  only(from: number, to: number): DocumentNode;
}

/**
 * Takes an operation apart, so that what cannot be planned together can be planned one after the other. Fragments are
 * written out. The fields of a mutation come one by one, because the next must wait for all of the one before.
 */
export function takeApart(document: DocumentNode, operationName: string | undefined): OperationParts[] {
  const operation = document.definitions.find(
    (node): node is OperationDefinitionNode =>
      node.kind === Kind.OPERATION_DEFINITION && (operationName === undefined || node.name?.value === operationName),
  );
  if (operation === undefined || operation.operation === 'subscription') return [];
  const { selectionSet } = writeOutFragments(document, operation);
  const whole = operation.operation === 'query' ? [selectionSet] : fieldByField(selectionSet);
  return whole.map((selections) => takeSelectionsApart(operation, selections));
}

function takeSelectionsApart(operation: OperationDefinitionNode, selectionSet: SelectionSetNode): OperationParts {
  return {
    leaves: countLeaves(selectionSet),
    only: (from, to) => {
      let index = 0;
      const isKept = () => {
        const at = index++;
        return at >= from && at < to;
      };
      const kept = keepLeaves(selectionSet, isKept) ?? selectionSet;
      return { kind: Kind.DOCUMENT, definitions: [{ ...operation, selectionSet: kept }] };
    },
  };
}

/** The selections of each key, in the order of the keys (specification, 6.3.2). */
function fieldByField(selectionSet: SelectionSetNode): SelectionSetNode[] {
  const fields = new Map<string, FieldNode[]>();
  const collect = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) continue;
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        collect(selection.selectionSet);
        continue;
      }
      const key = (selection.alias ?? selection.name).value;
      fields.set(key, [...(fields.get(key) ?? []), selection]);
    }
  };
  collect(selectionSet);
  return [...fields.values()].map((selections) => ({ kind: Kind.SELECTION_SET, selections }));
}

function countLeaves(selectionSet: SelectionSetNode): number {
  let count = 0;
  keepLeaves(selectionSet, () => ++count > 0);
  return count;
}

function keepLeaves(
  { selections }: SelectionSetNode,
  isKept: (leaf: FieldNode) => boolean,
): SelectionSetNode | undefined {
  const kept = selections.flatMap((selection): SelectionNode[] => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return [];
    if (selection.kind === Kind.FIELD && selection.selectionSet === undefined)
      return isKept(selection) ? [selection] : [];
    const selectionSet = selection.selectionSet && keepLeaves(selection.selectionSet, isKept);
    return selectionSet === undefined ? [] : [{ ...selection, selectionSet }];
  });
  return kept.length === 0 ? undefined : { kind: Kind.SELECTION_SET, selections: kept };
}
