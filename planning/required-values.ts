import { type DocumentNode, Kind, type SelectionSetNode } from 'graphql';
import { parseFieldSet, requiresOf } from './field-sets.ts';
import type { SeparatedArguments } from './required-arguments.ts';

/**
 * Which value each place of a representation must have, of those that a field can have with different arguments: from the
 * place, in the names that the subgraph knows (`price`), to the name under which the plan has fetched it.
 */
export type RequiredValues = ReadonlyMap<string, string>;

/** Looks up what a field of a subgraph requires; the type is the one that the fetch has its representations of. */
export type RequiredValuesOf = (subgraph: string, type: string, field: string) => RequiredValues;

const NONE: RequiredValues = new Map();

/** Reads from a supergraph, with its arguments separated, what each field requires with arguments. */
export function readRequiredValues({ supergraph, originals }: SeparatedArguments): RequiredValuesOf {
  const subgraphs = subgraphNames(supergraph);
  const values = new Map<string, RequiredValues>();
  for (const type of supergraph.definitions) {
    if (type.kind !== Kind.OBJECT_TYPE_DEFINITION && type.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    for (const field of type.fields ?? []) {
      for (const directive of field.directives ?? []) {
        const requires = directive.name.value === 'join__field' ? requiresOf(directive) : undefined;
        const graph = directive.arguments?.find(({ name }) => name.value === 'graph')?.value;
        if (requires === undefined || graph?.kind !== Kind.ENUM) continue;
        const found = new Map<string, string>();
        collect(parseFieldSet(requires), '', originals, found);
        if (found.size > 0) {
          const subgraph = subgraphs.get(graph.value) ?? graph.value;
          values.set(`${subgraph} ${type.name.value}.${field.name.value}`, found);
        }
      }
    }
  }
  return (subgraph, type, field) => values.get(`${subgraph} ${type}.${field}`) ?? NONE;
}

function collect(
  { selections }: SelectionSetNode,
  parent: string,
  originals: ReadonlyMap<string, string>,
  found: Map<string, string>,
): void {
  for (const selection of selections) {
    if (selection.kind === Kind.FRAGMENT_SPREAD) continue;
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      collect(selection.selectionSet, parent, originals, found);
      continue;
    }
    const name = selection.name.value;
    const original = originals.get(name);
    const place = `${parent}/${original ?? name}`;
    if (original !== undefined) found.set(place, name);
    if (selection.selectionSet !== undefined) collect(selection.selectionSet, place, originals, found);
  }
}

/** Names of subgraphs by the values of the enum `join__Graph`. */
export function subgraphNames({ definitions }: DocumentNode): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const node of definitions) {
    if (node.kind !== Kind.ENUM_TYPE_DEFINITION || node.name.value !== 'join__Graph') continue;
    for (const { name, directives = [] } of node.values ?? []) {
      const given = directives.find((directive) => directive.name.value === 'join__graph')?.arguments ?? [];
      const value = given.find((argument) => argument.name.value === 'name')?.value;
      if (value?.kind === Kind.STRING) names.set(name.value, value.value);
    }
  }
  return names;
}
