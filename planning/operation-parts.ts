import {
  type DocumentNode,
  type FieldNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { writeOutFragments } from './write-out-fragments.ts';

/** An operation of a document with only some of its leaves, told by their places in the order of the text. */
export interface OperationParts {
  readonly leaves: number;
  only(from: number, to: number): DocumentNode;
}

/**
 * Takes an operation apart, so that what cannot be planned together can be planned one after the other. Fragments are
 * written out.
 *
 * @returns `undefined` for what must not be asked for in parts: a mutation
 */
export function takeApart(document: DocumentNode, operationName: string | undefined): OperationParts | undefined {
  const operation = document.definitions.find(
    (node): node is OperationDefinitionNode =>
      node.kind === Kind.OPERATION_DEFINITION && (operationName === undefined || node.name?.value === operationName),
  );
  if (operation === undefined || operation.operation !== 'query') return undefined;
  const { selectionSet } = writeOutFragments(document, operation);
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
