import {
  type DocumentNode,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  type NamedTypeNode,
  TypeInfo,
  typeFromAST,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/** The schema coordinates that an operation uses, as gateways report them, with nothing in its variables. */
export function coordinatesOf(schema: GraphQLSchema, document: DocumentNode): string[] {
  const used = new Set<string>();
  const info = new TypeInfo(schema);
  const fieldNow = () => `${info.getParentType()?.name}.${info.getFieldDef()?.name}`;
  const addInputType = (type: GraphQLInputType | null | undefined) => {
    const named = getNamedType(type);
    if (isInputObjectType(named) || isEnumType(named)) used.add(named.name);
  };
  visit(
    document,
    visitWithTypeInfo(info, {
      Field: ({ name }) => void (name.value.startsWith('__') || used.add(fieldNow())),
      Argument: ({ name }) => void (info.getDirective() || used.add(`${fieldNow()}(${name.value}:)`)),
      Directive: ({ name }) => void used.add(`@${name.value}`),
      ObjectValue: () => addInputType(info.getInputType()),
      ObjectField: ({ name }) => {
        const parent = getNamedType(info.getParentInputType());
        if (parent) used.add(`${parent.name}.${name.value}`);
      },
      EnumValue: ({ value }) => {
        const type = getNamedType(info.getInputType());
        if (isEnumType(type)) used.add(`${type.name}.${value}`);
      },
      VariableDefinition: ({ type }) =>
        addInputType(typeFromAST(schema, type as NamedTypeNode) as GraphQLInputType | undefined),
      InlineFragment: ({ typeCondition }) => void (typeCondition && used.add(typeCondition.name.value)),
      FragmentDefinition: ({ typeCondition }) => void used.add(typeCondition.name.value),
    }),
  );
  return [...used];
}
