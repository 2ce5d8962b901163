import { type DefinitionNode, Kind, parse } from 'graphql';

const NAME = '[A-Za-z_]\\w*';
const COORDINATE = new RegExp(`^(@?)(${NAME})(?:\\.(${NAME}))?(?:\\((${NAME}):\\))?$`);

/** Whether a text is written as the changes of two schemas name what they are about; see `diffApiSchemas`. */
export function isCoordinate(text: string): boolean {
  return COORDINATE.test(text);
}

/**
 * Whether a supergraph has what a coordinate names: a type or directive, a field, a value, an argument, the member of a union or an
 * interface of a type. What clients do not see is there too. One of two thousand types is parsed for a while: in a thread.
 */
export function hasCoordinate(supergraph: string, coordinate: string): boolean {
  const [, at, owner, part, argument] = COORDINATE.exec(coordinate) ?? [];
  const definition = parse(supergraph, { noLocation: true }).definitions.find(
    (each) =>
      'name' in each && each.name?.value === owner && (each.kind === Kind.DIRECTIVE_DEFINITION) === (at === '@'),
  );
  if (definition === undefined) return false;
  const named = part === undefined ? [definition] : partsOf(definition).filter(({ name }) => name.value === part);
  if (argument === undefined) return named.length > 0;
  return named.some(
    (each) => 'arguments' in each && each.arguments?.some((given) => 'name' in given && given.name.value === argument),
  );
}

function partsOf(definition: DefinitionNode) {
  return [
    ...('fields' in definition ? (definition.fields ?? []) : []),
    ...('values' in definition ? (definition.values ?? []) : []),
    ...('interfaces' in definition ? (definition.interfaces ?? []) : []),
    ...('types' in definition ? (definition.types ?? []) : []),
  ];
}
