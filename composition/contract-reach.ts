import { type DocumentNode, Kind, type TypeDefinitionNode } from 'graphql';
import { argumentsOf, coordinateOf, interfacesOf, membersOf, namedTypeOf, partsOf } from './contract-elements.ts';
import type { ContractNames } from './contract-tags.ts';

/**
 * The types that an operation can come to, by what is not hidden: from the root types, the arguments of directives, and what is
 * wanted in any case.
 */
export function findReachable(
  document: DocumentNode,
  types: ReadonlyMap<string, TypeDefinitionNode>,
  names: ContractNames,
  hidden: ReadonlySet<string>,
  wanted: readonly string[],
): ReadonlySet<string> {
  const implementing = new Map<string, string[]>();
  for (const [name, type] of types) {
    for (const implemented of interfacesOf(type)) {
      implementing.set(implemented, [...(implementing.get(implemented) ?? []), name]);
    }
  }
  const reachable = new Set<string>();
  const waiting = [...rootsOf(document), ...directiveArguments(document, names), ...wanted];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const type = types.get(name);
    if (type === undefined || reachable.has(name) || hidden.has(name)) continue;
    reachable.add(name);
    for (const part of partsOf(type)) {
      if (hidden.has(coordinateOf.part(name, part))) continue;
      waiting.push(namedTypeOf(part) ?? name);
      for (const argument of argumentsOf(part)) {
        if (!hidden.has(coordinateOf.argument(name, part, argument))) waiting.push(namedTypeOf(argument) ?? name);
      }
    }
    waiting.push(...membersOf(type), ...interfacesOf(type), ...(implementing.get(name) ?? []));
  }
  return reachable;
}

function rootsOf({ definitions }: DocumentNode): string[] {
  return definitions.flatMap((node) =>
    node.kind === Kind.SCHEMA_DEFINITION ? node.operationTypes.map(({ type }) => type.name.value) : [],
  );
}

/** A contract hides no directive, so what its arguments are made of stays. */
function directiveArguments({ definitions }: DocumentNode, names: ContractNames): string[] {
  return definitions.flatMap((node) =>
    node.kind === Kind.DIRECTIVE_DEFINITION && !names.isOwn(`@${node.name.value}`)
      ? (node.arguments ?? []).flatMap((argument) => namedTypeOf(argument) ?? [])
      : [],
  );
}
