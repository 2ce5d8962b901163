import {
  type DocumentNode,
  type GraphQLCompositeType,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isUnionType,
  parse,
} from 'graphql';
import type { Random } from '../../differential/random.ts';

/**
 * A random operation that is valid for a schema. Every field has a key of its own: two types of one key may differ in whether they
 * are null, which no comparison of schemas looks at and only the operation knows.
 */
export function randomOperation(schema: GraphQLSchema, random: Random): DocumentNode {
  const variables: string[] = [];
  let keys = 0;

  function value(type: GraphQLInputType, depth: number): string {
    if (random.chance(0.4)) {
      variables.push(`$v${variables.length}: ${type}`);
      return `$v${variables.length - 1}`;
    }
    if (isNonNullType(type)) return value(type.ofType, depth);
    if (random.chance(0.1)) return 'null';
    if (isListType(type)) return `[${[...random.some([1, 2], 0.5)].map(() => literal(type.ofType, depth)).join(', ')}]`;
    return literal(type, depth);
  }

  function literal(type: GraphQLInputType, depth: number): string {
    if (isNonNullType(type)) return literal(type.ofType, depth);
    if (isListType(type)) return `[${literal(type.ofType, depth)}]`;
    if (isEnumType(type)) return random.pick(type.getValues()).name;
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields()).filter(
        (field) => (isNonNullType(field.type) && field.defaultValue === undefined) || (depth < 2 && random.chance(0.6)),
      );
      return `{ ${fields.map((field) => `${field.name}: ${literal(field.type, depth + 1)}`).join(', ')} }`;
    }
    return type.name === 'Int' ? `${random.below(9)}` : '"text"';
  }

  function selection(type: GraphQLCompositeType, depth: number): string {
    const parts = [`k${keys++}: __typename`];
    if (isAbstractType(type) && depth < 4) {
      for (const possible of random.some(schema.getPossibleTypes(type), 0.6))
        parts.push(`... on ${possible.name} ${selection(possible, depth + 1)}`);
    }
    if (!isUnionType(type)) {
      for (const field of random.some(Object.values(type.getFields()), 0.6)) {
        const named = getNamedType(field.type);
        if (isCompositeType(named) && depth >= 4) continue;
        const given = field.args.filter((arg) => isRequiredArgument(arg) || random.chance(0.6));
        const args = given.map(
          (arg) => `${arg.name}: ${isNonNullType(arg.type) ? nonNull(arg.type) : value(arg.type, 0)}`,
        );
        const printed = args.length === 0 ? '' : `(${args.join(', ')})`;
        const inner = isCompositeType(named) ? ` ${selection(named, depth + 1)}` : '';
        parts.push(`k${keys++}: ${field.name}${printed}${inner}`);
      }
    }
    return `{ ${parts.join(' ')} }`;
  }

  function nonNull(type: GraphQLInputType): string {
    if (!random.chance(0.4)) return literal(type, 0);
    variables.push(`$v${variables.length}: ${type}`);
    return `$v${variables.length - 1}`;
  }

  const root = random.chance(0.7) ? schema.getQueryType() : schema.getMutationType();
  if (!root) throw new TypeError('a schema without the root type');
  const keyword = root === schema.getQueryType() ? 'query' : 'mutation';
  const body = selection(root, 0);
  return parse(`${keyword}${variables.length === 0 ? '' : `(${variables.join(', ')})`} ${body}`);
}
