import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type EnumValueDefinitionNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  Kind,
  parse,
  print,
  type TypeDefinitionNode,
} from 'graphql';
import { coordinateOf, type Part, partsOf } from './contract-elements.ts';
import type { ContractNames } from './contract-tags.ts';

const LINK = `schema @link(url: "https://specs.apollo.dev/inaccessible/v0.2", for: SECURITY) { query: Query }`;
const DEFINITION =
  'directive @inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION';

/**
 * Prints a supergraph with `@inaccessible` on what has one of these coordinates. Parts of a type that is hidden as a whole are left
 * as they are.
 *
 * @param unchanged what is returned when all of it is hidden already
 */
export function printHidden(
  document: DocumentNode,
  names: ContractNames,
  hidden: ReadonlySet<string>,
  unchanged: string,
): string {
  const directive = names.inaccessible ?? 'inaccessible';
  let marks = 0;

  function mark<Node extends { readonly directives?: readonly ConstDirectiveNode[] }>(
    node: Node,
    coordinate: string,
  ): Node {
    const { directives = [] } = node;
    if (!hidden.has(coordinate) || directives.some(({ name }) => name.value === directive)) return node;
    marks++;
    return {
      ...node,
      directives: [...directives, { kind: Kind.DIRECTIVE, name: { kind: Kind.NAME, value: directive } }],
    };
  }

  function markPart<Node extends Part>(type: string, part: Node): Node {
    const marked = mark(part, coordinateOf.part(type, part));
    if (marked.kind !== Kind.FIELD_DEFINITION || marked.arguments === undefined) return marked;
    const given = marked.arguments.map((argument) => mark(argument, coordinateOf.argument(type, part, argument)));
    return { ...marked, arguments: given };
  }

  function markType(type: TypeDefinitionNode): TypeDefinitionNode {
    const name = type.name.value;
    const parts = partsOf(type);
    if (hidden.has(name) || parts.length === 0) return mark(type, name);
    const marked = parts.map((part) => markPart(name, part));
    switch (type.kind) {
      case Kind.ENUM_TYPE_DEFINITION:
        return { ...type, values: marked as EnumValueDefinitionNode[] };
      case Kind.INPUT_OBJECT_TYPE_DEFINITION:
        return { ...type, fields: marked as InputValueDefinitionNode[] };
      case Kind.OBJECT_TYPE_DEFINITION:
      case Kind.INTERFACE_TYPE_DEFINITION:
        return { ...type, fields: marked as FieldDefinitionNode[] };
      default:
        return type;
    }
  }

  const definitions = document.definitions.map((node) =>
    node.kind.endsWith('TypeDefinition') ? markType(node as TypeDefinitionNode) : node,
  );
  if (marks === 0) return unchanged;
  return print({ ...document, definitions: names.inaccessible === undefined ? define(definitions) : definitions });
}

/** Links the specification of `@inaccessible` and defines it. */
function define(definitions: readonly DefinitionNode[]): DefinitionNode[] {
  const [schema] = parse(LINK, { noLocation: true }).definitions;
  const link = schema?.kind === Kind.SCHEMA_DEFINITION ? (schema.directives ?? []) : [];
  const linked = definitions.map((node) =>
    node.kind === Kind.SCHEMA_DEFINITION ? { ...node, directives: [...(node.directives ?? []), ...link] } : node,
  );
  return [...linked, ...parse(DEFINITION, { noLocation: true }).definitions];
}
