import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  type InlineFragmentNode,
  isAbstractType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { argumentOf } from './field-sets.ts';

/** The interfaces of a supergraph that some subgraph has as an `@interfaceObject`. */
export function findInterfaceObjects({ definitions }: DocumentNode): ReadonlySet<string> {
  const found = definitions.filter(
    (node) =>
      node.kind === Kind.INTERFACE_TYPE_DEFINITION &&
      (node.directives ?? []).some((directive) => argumentOf(directive, 'isInterfaceObject') === 'true'),
  );
  return new Set(found.flatMap((node) => (node.kind === Kind.INTERFACE_TYPE_DEFINITION ? [node.name.value] : [])));
}

/**
 * Writes a fragment on an interface or union, inside a selection on such an interface, as one fragment for each type that it
 * can be. The planner knows how to find out whether an `@interfaceObject` is of one type, and fails with an error when it is to
 * find out whether it is of another interface.
 */
export function expandAbstractConditions(
  document: DocumentNode,
  schema: GraphQLSchema,
  interfaceObjects: ReadonlySet<string>,
): DocumentNode {
  if (interfaceObjects.size === 0) return document;
  const fragments = new Map(
    document.definitions.flatMap((node) =>
      node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [],
    ),
  );
  /** What of a selection is for one type: fragments on others are an error to the planner, when they stand inside. */
  const narrow = ({ selections }: SelectionSetNode, type: GraphQLObjectType): SelectionSetNode => {
    const kept = selections.flatMap((selection): SelectionNode[] => {
      const fragment = toInlineFragment(selection, fragments);
      if (fragment === undefined) return [selection];
      const condition = schema.getType(fragment.typeCondition?.name.value ?? type.name);
      const applies = condition === type || (isAbstractType(condition) && schema.isSubType(condition, type));
      const { typeCondition: _, ...rest } = fragment;
      return applies ? [{ ...rest, selectionSet: narrow(fragment.selectionSet, type) }] : [];
    });
    return { kind: Kind.SELECTION_SET, selections: kept.length === 0 ? [TYPENAME] : kept };
  };
  const info = new TypeInfo(schema);
  return visit(
    document,
    visitWithTypeInfo(info, {
      SelectionSet: (selectionSet: SelectionSetNode) => {
        const parent = info.getParentType();
        if (!isAbstractType(parent) || !interfaceObjects.has(parent.name)) return undefined;
        const selections = selectionSet.selections.flatMap((selection): SelectionNode[] => {
          const fragment = toInlineFragment(selection, fragments);
          const condition = fragment?.typeCondition?.name.value;
          const type = condition === undefined || condition === parent.name ? undefined : schema.getType(condition);
          if (fragment === undefined || !isAbstractType(type)) return [selection];
          return schema
            .getPossibleTypes(parent)
            .filter((each) => schema.isSubType(type, each))
            .map((each) => ({
              ...fragment,
              typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: each.name } },
              selectionSet: narrow(fragment.selectionSet, each),
            }));
        });
        return { ...selectionSet, selections: selections.length === 0 ? [TYPENAME] : selections };
      },
    }),
  );
}

function toInlineFragment(
  selection: SelectionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): InlineFragmentNode | undefined {
  if (selection.kind === Kind.FIELD) return undefined;
  if (selection.kind === Kind.INLINE_FRAGMENT) return selection;
  const fragment = fragments.get(selection.name.value);
  if (fragment === undefined) return undefined;
  const { typeCondition, selectionSet } = fragment;
  return { kind: Kind.INLINE_FRAGMENT, typeCondition, directives: selection.directives ?? [], selectionSet };
}

const TYPENAME: SelectionNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };
