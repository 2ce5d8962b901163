import { type GraphQLInputType, type GraphQLOutputType, isListType, isNamedType, isNonNullType } from 'graphql';

/**
 * Whether whoever reads a field of the first type can read one of the second: the same, or never null where it could be. A type that
 * implements the former interface does not count: operations may spread on others of its types.
 */
export function isSafeOutput(before: GraphQLOutputType, after: GraphQLOutputType): boolean {
  if (isNonNullType(after)) return isSafeOutput(isNonNullType(before) ? before.ofType : before, after.ofType);
  if (isNonNullType(before)) return false;
  if (isListType(before)) return isListType(after) && isSafeOutput(before.ofType, after.ofType);
  return isNamedType(after) && before.name === after.name;
}

/**
 * Whether whoever gives a value of the first type, in a variable too, can give it for the second: the same, or nullable where it was
 * not. A list for what was one value does not count: a variable of the former type is not allowed there.
 */
export function isSafeInput(before: GraphQLInputType, after: GraphQLInputType): boolean {
  if (isNonNullType(before)) return isSafeInput(before.ofType, isNonNullType(after) ? after.ofType : after);
  if (isNonNullType(after)) return false;
  if (isListType(before)) return isListType(after) && isSafeInput(before.ofType, after.ofType);
  return isNamedType(after) && before.name === after.name;
}
