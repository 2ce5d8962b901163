import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** An operation of a document with its named fragments written where they are spread. */
export function writeOutFragments(
  { definitions }: DocumentNode,
  operation: OperationDefinitionNode,
): OperationDefinitionNode {
  const fragments = new Map(
    definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [])),
  );
  return { ...operation, selectionSet: writeOut(operation.selectionSet, fragments) };
}

function writeOut(
  { selections }: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): SelectionSetNode {
  const written = selections.flatMap((selection): SelectionNode[] => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      const fragment = fragments.get(selection.name.value);
      if (fragment === undefined) return [];
      const { typeCondition } = fragment;
      const selectionSet = writeOut(fragment.selectionSet, fragments);
      return [{ kind: Kind.INLINE_FRAGMENT, typeCondition, directives: selection.directives ?? [], selectionSet }];
    }
    if (selection.selectionSet === undefined) return [selection];
    return [{ ...selection, selectionSet: writeOut(selection.selectionSet, fragments) }];
  });
  return { kind: Kind.SELECTION_SET, selections: written };
}
