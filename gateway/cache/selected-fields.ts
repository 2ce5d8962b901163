import { type FieldNode, type FragmentDefinitionNode, type GraphQLSchema, Kind, type SelectionSetNode } from 'graphql';
import { matchesType } from '../execution/type-condition.ts';

/** What selections are read with. */
export interface SelectionContext {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

/** The fields asked of one object, by their keys in the answer. */
export type SelectedFields = ReadonlyMap<string, readonly FieldNode[]>;

/** Collects the fields of an object of a type; of an unknown one, all that may be meant. (GraphQL, 6.3.2, without conditions.) */
export function selectFields(
  selectionSets: readonly SelectionSetNode[],
  typename: string | undefined,
  context: SelectionContext,
): SelectedFields {
  const fields = new Map<string, FieldNode[]>();
  const applies = (condition: string | undefined) =>
    condition === undefined || typename === undefined || matchesType(context.schema, typename, condition);

  const collect = ({ selections }: SelectionSetNode) => {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        const key = (selection.alias ?? selection.name).value;
        const nodes = fields.get(key);
        if (nodes === undefined) fields.set(key, [selection]);
        else nodes.push(selection);
      } else {
        const fragment =
          selection.kind === Kind.INLINE_FRAGMENT ? selection : context.fragments.get(selection.name.value);
        if (fragment !== undefined && applies(fragment.typeCondition?.name.value)) collect(fragment.selectionSet);
      }
    }
  };
  for (const selectionSet of selectionSets) collect(selectionSet);
  return fields;
}

/** What is selected below fields of one key. */
export function selectionsBelow(nodes: readonly FieldNode[]): readonly SelectionSetNode[] {
  return nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
}

/**
 * Where in the answer a value stands: the keys for a path of field names. Fields with arguments are passed over, because what they
 * give is not the value that belongs to a key.
 *
 * @returns `undefined` when the value was not asked for
 */
export function findInAnswer(
  fields: SelectedFields,
  [name, ...rest]: readonly string[],
  context: SelectionContext,
): readonly string[] | undefined {
  for (const [key, nodes] of fields) {
    const [node] = nodes;
    if (node === undefined || node.name.value !== name || (node.arguments ?? []).length > 0) continue;
    const selections = selectionsBelow(nodes);
    if (rest.length === 0) {
      if (selections.length === 0) return [key];
      continue;
    }
    const below = findInAnswer(selectFields(selections, undefined, context), rest, context);
    if (below !== undefined) return [key, ...below];
  }
  return undefined;
}
