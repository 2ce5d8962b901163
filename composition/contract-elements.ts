import {
  type EnumValueDefinitionNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  Kind,
  type TypeDefinitionNode,
  type TypeNode,
} from 'graphql';

/** What a type consists of, besides its members and interfaces: fields, input fields or enum values. */
export type Part = FieldDefinitionNode | InputValueDefinitionNode | EnumValueDefinitionNode;

/** The parts of a type; none for a scalar and a union. */
export function partsOf(type: TypeDefinitionNode): readonly Part[] {
  switch (type.kind) {
    case Kind.OBJECT_TYPE_DEFINITION:
    case Kind.INTERFACE_TYPE_DEFINITION:
    case Kind.INPUT_OBJECT_TYPE_DEFINITION:
      return type.fields ?? [];
    case Kind.ENUM_TYPE_DEFINITION:
      return type.values ?? [];
    default:
      return [];
  }
}

/** The arguments of a field; none for what is no field. */
export function argumentsOf(part: Part): readonly InputValueDefinitionNode[] {
  return part.kind === Kind.FIELD_DEFINITION ? (part.arguments ?? []) : [];
}

/** The name of the type of a field, argument or input field; none for an enum value. */
export function namedTypeOf(part: Part): string | undefined {
  if (part.kind === Kind.ENUM_VALUE_DEFINITION) return undefined;
  let type: TypeNode = part.type;
  while (type.kind !== Kind.NAMED_TYPE) type = type.type;
  return type.name.value;
}

/** The names of the interfaces that a type implements. */
export function interfacesOf(type: TypeDefinitionNode): readonly string[] {
  const isFielded = type.kind === Kind.OBJECT_TYPE_DEFINITION || type.kind === Kind.INTERFACE_TYPE_DEFINITION;
  return isFielded ? (type.interfaces ?? []).map(({ name }) => name.value) : [];
}

/** The names of the members of a union. */
export function membersOf(type: TypeDefinitionNode): readonly string[] {
  return type.kind === Kind.UNION_TYPE_DEFINITION ? (type.types ?? []).map(({ name }) => name.value) : [];
}

/** Schema coordinates, as the keys under which it is kept what a contract hides. */
export const coordinateOf = {
  part: (type: string, part: Part) => `${type}.${part.name.value}`,
  argument: (type: string, field: Part, argument: Part) => `${type}.${field.name.value}(${argument.name.value}:)`,
};
