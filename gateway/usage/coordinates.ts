import {
  type ASTVisitor,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isSpecifiedDirective,
  type NamedTypeNode,
  type TypeInfo,
  typeFromAST,
} from 'graphql';

/**
 * A visitor that gathers what of the schema an operation uses, as its text says it, in schema coordinates (GraphQL, "Schema
 * Coordinates"): fields as of the type they are selected on, arguments, input fields, enum values; and the types that are named or
 * given: of fragments, of variables, of literals.
 */
export function createCoordinateGatherer(
  typeInfo: TypeInfo,
  schema: GraphQLSchema,
  gather: (coordinate: string) => void,
): ASTVisitor {
  const gatherInputType = (named: GraphQLNamedType | undefined) => {
    if (isInputObjectType(named) || isEnumType(named)) gather(named.name);
  };
  const gatherCondition = (condition: NamedTypeNode | undefined) => {
    if (condition !== undefined) gather(condition.name.value);
  };
  return {
    Field: ({ name }) => {
      const parent = typeInfo.getParentType();
      if (parent && !isOfIntrospection(parent.name, name.value)) gather(`${parent.name}.${name.value}`);
    },
    Argument: ({ name }) => {
      const directive = typeInfo.getDirective();
      if (directive) {
        if (!isSpecifiedDirective(directive)) gather(`@${directive.name}(${name.value}:)`);
        return;
      }
      const parent = typeInfo.getParentType();
      const field = typeInfo.getFieldDef();
      if (parent && field && !isOfIntrospection(parent.name, field.name))
        gather(`${parent.name}.${field.name}(${name.value}:)`);
    },
    Directive: () => {
      const directive = typeInfo.getDirective();
      if (directive && !isSpecifiedDirective(directive)) gather(`@${directive.name}`);
    },
    ObjectValue: () => gatherInputType(getNamedType(typeInfo.getInputType())),
    ObjectField: ({ name }) => {
      const parent = getNamedType(typeInfo.getParentInputType());
      if (isInputObjectType(parent) && name.value in parent.getFields()) gather(`${parent.name}.${name.value}`);
    },
    EnumValue: ({ value }) => {
      const type = getNamedType(typeInfo.getInputType());
      if (isEnumType(type) && type.getValue(value)) gather(`${type.name}.${value}`);
    },
    VariableDefinition: ({ type }) => gatherInputType(getNamedType(typeFromAST(schema, type as NamedTypeNode))),
    InlineFragment: ({ typeCondition }) => gatherCondition(typeCondition),
    FragmentDefinition: ({ typeCondition }) => gatherCondition(typeCondition),
  };
}

/** What every schema has is used by everybody, and never changes (specification, 4.1 "Reserved Names"). */
function isOfIntrospection(...names: readonly string[]): boolean {
  return names.some((name) => name.startsWith('__'));
}
