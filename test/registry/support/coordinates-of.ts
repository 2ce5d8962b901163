import {
  type DocumentNode,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/** The schema coordinates that the text of an operation uses, as gateways report them: what variables carry is not in it. */
export function coordinatesOf(schema: GraphQLSchema, document: DocumentNode): string[] {
  const used = new Set<string>();
  const info = new TypeInfo(schema);
  const fieldNow = () => `${info.getParentType()?.name}.${info.getFieldDef()?.name}`;
  visit(
    document,
    visitWithTypeInfo(info, {
      Field: ({ name }) => void (name.value.startsWith('__') || used.add(fieldNow())),
      Argument: ({ name }) => void (info.getDirective() === null && used.add(`${fieldNow()}(${name.value}:)`)),
      ObjectField: ({ name }) => {
        const parent = info.getParentInputType();
        if (parent) used.add(`${getNamedType(parent).name}.${name.value}`);
      },
      EnumValue: ({ value }) => {
        const type = getNamedType(info.getInputType());
        if (isEnumType(type)) used.add(`${type.name}.${value}`);
      },
      VariableDefinition: ({ defaultValue }) => (defaultValue?.kind === Kind.NULL ? false : undefined),
    }),
  );
  return [...used];
}
