import {
  type ArgumentNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type FieldNode,
  type InterfaceTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  print,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { mapFieldSets, parseFieldSet, printFieldSet } from './field-sets.ts';

/** A supergraph in which no two values of one field are required under one name. */
export interface SeparatedArguments {
  readonly supergraph: DocumentNode;
  /** The fields that were added, and the field that each stands for. */
  readonly originals: ReadonlyMap<string, string>;
}

/**
 * Gives every field that is required with arguments (by `@requires` or `@fromContext`) a second name for each way of asking,
 * with the same arguments and in the same subgraphs. Known by one name, `price(currency: "USD")` and `price` overwrite each
 * other where two fields of one type require them: the planner takes one value for both. Plans are put right by
 * `restoreRequiredArguments`; what clients see is read from the supergraph as it was.
 *
 * @returns the same document where no field is required with arguments
 */
export function separateRequiredArguments(supergraph: DocumentNode): SeparatedArguments {
  const names = namesRequiredWithArguments(supergraph);
  const originals = new Map<string, string>();
  if (names.size === 0) return { supergraph, originals };
  const taken = fieldNames(supergraph);
  const copies = new Map<string, string>();

  const copyOf = ({ name, arguments: given }: FieldNode): string => {
    const way = print({ kind: Kind.FIELD, name, arguments: inOrder(given) });
    const known = copies.get(way);
    if (known !== undefined) return known;
    let number = copies.size;
    while (taken.has(`_required_${number}_${name.value}`)) number++;
    const copy = `_required_${number}_${name.value}`;
    taken.add(copy);
    copies.set(way, copy);
    originals.set(copy, name.value);
    return copy;
  };
  const renamed = mapFieldSets(supergraph, (fieldSet) => {
    const selectionSet: SelectionSetNode = visit(parseFieldSet(fieldSet), {
      Field: (field) =>
        names.has(field.name.value) ? { ...field, name: { ...field.name, value: copyOf(field) } } : undefined,
    });
    return printFieldSet(selectionSet);
  });
  return { supergraph: addCopies(renamed, originals), originals };
}

function addCopies(supergraph: DocumentNode, originals: ReadonlyMap<string, string>): DocumentNode {
  const addTo = <Type extends ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode>(type: Type): Type => {
    const copies = (type.fields ?? []).flatMap((field) => copiesOf(field, originals));
    return copies.length === 0 ? type : { ...type, fields: [...(type.fields ?? []), ...copies] };
  };
  return visit(supergraph, { ObjectTypeDefinition: addTo, InterfaceTypeDefinition: addTo });
}

function copiesOf(field: FieldDefinitionNode, originals: ReadonlyMap<string, string>): FieldDefinitionNode[] {
  return [...originals].flatMap(([copy, original]) =>
    original === field.name.value ? [{ ...field, name: { ...field.name, value: copy } }] : [],
  );
}

function namesRequiredWithArguments(supergraph: DocumentNode): ReadonlySet<string> {
  const names = new Set<string>();
  mapFieldSets(supergraph, (fieldSet) => {
    visit(parseFieldSet(fieldSet), {
      Field: ({ name, arguments: given = [] }) => void (given.length > 0 && names.add(name.value)),
    });
    return fieldSet;
  });
  return names;
}

function fieldNames(supergraph: DocumentNode): Set<string> {
  const names = new Set<string>();
  visit(supergraph, { FieldDefinition: ({ name }) => void names.add(name.value) });
  return names;
}

/** `(a: 1, b: 2)` and `(b: 2, a: 1)` ask for the same. */
function inOrder(given: readonly ArgumentNode[] = []): ArgumentNode[] {
  return [...given].sort((a, b) => a.name.value.localeCompare(b.name.value));
}
