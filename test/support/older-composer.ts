import { parse, print, visit } from 'graphql';

const SECURITY: readonly string[] = ['authenticated', 'requiresScopes', 'policy'];

/**
 * Takes security directives away where an older composer would not have put them. Composers before Federation 2.9.4 cannot be
 * installed beside this one.
 *
 * @param places `Type` or `Type.field`; each must have something to take away
 */
export function withoutSecurity(sdl: string, places: readonly string[], directives = SECURITY): string {
  const left = new Set(places);
  let parent = '';
  const strip = <Node extends { readonly directives?: readonly { readonly name: { readonly value: string } }[] }>(
    node: Node,
    place: string,
  ) => {
    const kept = node.directives?.filter(({ name }) => !places.includes(place) || !directives.includes(name.value));
    if (kept?.length !== node.directives?.length) left.delete(place);
    return { ...node, directives: kept };
  };
  const edited = visit(parse(sdl), {
    ObjectTypeDefinition: (node) => {
      parent = node.name.value;
      return strip(node, parent);
    },
    InterfaceTypeDefinition: (node) => {
      parent = node.name.value;
      return strip(node, parent);
    },
    FieldDefinition: (node) => strip(node, `${parent}.${node.name.value}`),
  });
  if (left.size > 0) throw new Error(`there is nothing to take away at ${[...left].join(', ')}`);
  return print(edited);
}
