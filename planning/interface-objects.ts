import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type InlineFragmentNode,
  isAbstractType,
  Kind,
  type NamedTypeNode,
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
  const info = new TypeInfo(schema);
  return visit(
    document,
    visitWithTypeInfo(info, {
      SelectionSet: (selectionSet: SelectionSetNode) => {
        const parent = info.getParentType();
        if (!isAbstractType(parent) || !interfaceObjects.has(parent.name)) return undefined;
        const possible = schema.getPossibleTypes(parent);
        const selections = selectionSet.selections.flatMap((selection): SelectionNode[] => {
          const fragment = toInlineFragment(selection, fragments);
          const condition = fragment?.typeCondition?.name.value;
          const type = condition === undefined || condition === parent.name ? undefined : schema.getType(condition);
          if (fragment === undefined || !isAbstractType(type)) return [selection];
          return possible
            .filter((each) => schema.isSubType(type, each))
            .map(({ name }): InlineFragmentNode => ({ ...fragment, typeCondition: namedType(name) }));
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

function namedType(name: string): NamedTypeNode {
  return { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: name } };
}
