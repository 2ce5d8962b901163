import { type GraphQLSchema, isAbstractType, isInterfaceType, isObjectType } from 'graphql';

/** Whether a value of the type `typename` matches `... on condition`. */
export function matchesType(schema: GraphQLSchema, typename: string, condition: string): boolean {
  if (typename === condition) return true;
  const type = schema.getType(typename);
  const conditionType = schema.getType(condition);
  if (!isAbstractType(conditionType) || !(isObjectType(type) || isInterfaceType(type))) return false;
  return schema.isSubType(conditionType, type);
}
