import {
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  Kind,
  type SelectionSetNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { argumentOf } from './field-sets.ts';

/** The interfaces of a supergraph that some subgraph has without any type that implements them there. */
export function findEmptyInterfaces({ definitions }: DocumentNode): ReadonlySet<string> {
  const implemented = new Set(
    definitions.flatMap((node) => {
      if (node.kind !== Kind.OBJECT_TYPE_DEFINITION) return [];
      return (node.directives ?? [])
        .filter(({ name }) => name.value === 'join__implements')
        .map((directive) => `${argumentOf(directive, 'graph')} ${argumentOf(directive, 'interface')}`);
    }),
  );
  const empty = definitions.flatMap((node) => {
    if (node.kind !== Kind.INTERFACE_TYPE_DEFINITION) return [];
    return (node.directives ?? [])
      .filter(({ name }) => name.value === 'join__type')
      .filter((directive) => argumentOf(directive, 'isInterfaceObject') !== 'true')
      .filter((directive) => !implemented.has(`${argumentOf(directive, 'graph')} ${node.name.value}`))
      .map(() => node.name.value);
  });
  return new Set(empty);
}

/**
 * Asks for `__typename` in every selection on such an interface. What it gets from another subgraph is planned for each type
 * that implements it in this one, that is for none: the field itself is left out of the plan, nobody is asked, and the answer
 * is a silent null, also where the field is a list or not nullable. With something to fetch, the subgraph answers for the
 * field: a null, an empty list, or an error because there is no type that an object could have.
 *
 * It has a key of its own, because the planner counts a plain `__typename` for nothing.
 */
export function askEmptyInterfaces(
  document: DocumentNode,
  schema: GraphQLSchema,
  empty: ReadonlySet<string>,
): DocumentNode {
  if (empty.size === 0) return document;
  const info = new TypeInfo(schema);
  const typename = typenameUnder(unusedKey(document));
  return visit(
    document,
    visitWithTypeInfo(info, {
      SelectionSet: (selectionSet: SelectionSetNode) => {
        const type = info.getParentType();
        if (!type || !empty.has(type.name)) return undefined;
        return { ...selectionSet, selections: [...selectionSet.selections, typename] };
      },
    }),
  );
}

function typenameUnder(key: string): FieldNode {
  return {
    kind: Kind.FIELD,
    alias: { kind: Kind.NAME, value: key },
    name: { kind: Kind.NAME, value: '__typename' },
  };
}

function unusedKey(document: DocumentNode): string {
  const used = new Set<string>();
  visit(document, { Field: ({ alias, name }) => void used.add((alias ?? name).value) });
  let key = '_typename';
  while (used.has(key)) key = `_${key}`;
  return key;
}
