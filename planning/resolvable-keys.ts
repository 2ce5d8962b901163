import {
  type DirectiveNode,
  type DocumentNode,
  type InterfaceTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  visit,
} from 'graphql';

/**
 * Puts the keys of a supergraph that are `resolvable: false` behind those that are not. Where the planner comes back to a
 * subgraph with what a `@requires` needs, it takes the first key that is declared there, also one by which that subgraph
 * resolves nothing: the subgraph then refuses the fetch, or looks the entity up by a key that is not in the representation.
 *
 * @returns the same document where nothing has to move
 */
export function putResolvableKeysFirst(supergraph: DocumentNode): DocumentNode {
  return visit(supergraph, { ObjectTypeDefinition: reorder, InterfaceTypeDefinition: reorder });
}

function reorder<Type extends ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode>(type: Type): Type | undefined {
  const { directives = [] } = type;
  const unresolvable = directives.filter(isUnresolvable);
  const isInOrder = directives.slice(directives.length - unresolvable.length).every(isUnresolvable);
  if (isInOrder) return undefined;
  return { ...type, directives: [...directives.filter((directive) => !isUnresolvable(directive)), ...unresolvable] };
}

function isUnresolvable({ name, arguments: given = [] }: DirectiveNode): boolean {
  if (name.value !== 'join__type') return false;
  const resolvable = given.find((argument) => argument.name.value === 'resolvable')?.value;
  return resolvable?.kind === Kind.BOOLEAN && !resolvable.value;
}
