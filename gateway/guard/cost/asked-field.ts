import {
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isListType,
  isNonNullType,
  isUnionType,
} from 'graphql';
import type { ConditionalNodes } from './conditional-fields.ts';
import type { FieldWeights } from './weights.ts';

/** A field that is asked of an object, which can be of several types. */
export interface AskedField {
  readonly name: string;
  readonly definition: GraphQLField<unknown, unknown>;
  /** What is said of it, by each of the types that says something else. */
  readonly said: readonly FieldWeights[];
  /** The nodes that it is made of. They have the same arguments (GraphQL specification, 5.3.2 "Field Selection Merging"). */
  readonly nodes: ConditionalNodes;
}

/** The field as the object has it, or, where that can be of several types, as the type has it for which it is written. */
export function definitionOf(
  types: readonly GraphQLObjectType[],
  parent: GraphQLCompositeType,
  name: string,
): GraphQLField<unknown, unknown> | undefined {
  const own = types[0]?.getFields()[name];
  if (types.length === 1 || isUnionType(parent)) return own;
  return parent.getFields()[name] ?? own;
}

/** How many lists stand inside one another: 0 for no list. */
export function listDepth(type: GraphQLOutputType): number {
  if (isNonNullType(type)) return listDepth(type.ofType);
  return isListType(type) ? 1 + listDepth(type.ofType) : 0;
}

/** The types that an object can be of. */
export function possibleTypes(schema: GraphQLSchema, type: GraphQLCompositeType): readonly GraphQLObjectType[] {
  return isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
}
