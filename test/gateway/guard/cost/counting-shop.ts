import {
  buildSchema,
  type GraphQLOutputType,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { Resolvers, TestSubgraph } from '../../../federation/support/subgraph.ts';
import { SHOP } from './cost-graph.ts';

/** What the resolvers of a subgraph have cost: counted while they run (IBM, 5.1.2 "Dynamic Query Analysis"). */
export interface Counted {
  fields: number;
  types: number;
}

/** The weights of the shop, written down once more. */
const FIELDS: Readonly<Record<string, number>> = {
  'Query.shared': 3,
  'Query.topProducts': 5,
  'Query.mostPopular': 5,
  'Query.guess': 5,
  'User.age': 2,
  'Book.pages': 1,
  'Film.title': 3,
  'Film.minutes': 6,
};
const ARGUMENTS: Readonly<Record<string, number>> = {
  'Query.topProducts.filter': 15,
  'Query.mostPopular.approx': -3,
  'Query.guess.approx': -30,
  'Query.search.filter': 1,
  'Query.fuzzy.isFuzzy': 6,
};
const TYPES: Readonly<Record<string, number>> = { Money: 2, Level: 3, Address: 5, Book: 2, Film: 7, Mutation: 10 };

const DIRECTIVES = `
  directive @cost(weight: Int!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR
  directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean) on FIELD_DEFINITION
  directive @key(fields: String!) on OBJECT
  directive @shareable on FIELD_DEFINITION`;

/**
 * The shop with data made as it is asked for: lists of up to three items, never more than `@listSize` allows, objects of any of
 * their types, and nulls.
 *
 * @param random from 0 to below 1
 */
export function countingShop(random: () => number, counted: Counted): TestSubgraph {
  const schema = buildSchema(DIRECTIVES + SHOP);
  const upTo = (bound: number) => Math.floor(random() * (bound + 1));

  function make(type: GraphQLOutputType, size: number): unknown {
    if (isNonNullType(type)) return makePresent(type.ofType, size);
    return random() < 0.1 ? null : makePresent(type, size);
  }

  function makePresent(type: GraphQLOutputType, size: number): unknown {
    if (isNonNullType(type)) return makePresent(type.ofType, size);
    if (isListType(type)) return Array.from({ length: upTo(size) }, () => make(type.ofType, 2));
    const possible = isAbstractType(type) ? schema.getPossibleTypes(type) : isObjectType(type) ? [type] : [];
    const { name } = possible[Math.floor(random() * possible.length)] ?? getNamedType(type);
    counted.types += TYPES[name] ?? (possible.length > 0 ? 1 : 0);
    if (possible.length > 0) return { __typename: name, size };
    return name === 'Level' ? 'LOW' : name === 'Int' ? 1 : 'x';
  }

  const resolvers: Resolvers = {};
  for (const type of Object.values(schema.getTypeMap())) {
    if (isAbstractType(type))
      resolvers[type.name] = { __resolveType: ({ __typename }: { __typename: string }) => __typename };
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    resolvers[type.name] = Object.fromEntries(
      Object.values(type.getFields()).map(({ name, type: fieldType, args }) => [
        name,
        (parent: { size?: number } | undefined, given: Record<string, unknown>) => {
          const field = `${type.name}.${name}`;
          const used = args.filter((argument) => (given[argument.name] ?? undefined) !== undefined);
          const weights = used.map((argument) => ARGUMENTS[`${field}.${argument.name}`] ?? 0);
          const weight = FIELDS[field] ?? (isCompositeType(getNamedType(fieldType)) ? 1 : 0);
          counted.fields += Math.max(
            0,
            weights.reduce((sum, each) => sum + each, weight),
          );
          const sizes = used.flatMap(({ name: argument }) => {
            const value = given[argument];
            return typeof value === 'number' ? value : [];
          });
          const bound = name === 'edges' ? (parent?.size ?? 0) : name === 'search' ? 2 : 3;
          return make(fieldType, sizes.length === 0 ? bound : Math.min(bound, Math.max(...sizes)));
        },
      ]),
    );
  }
  return { name: 'shop', sdl: SHOP, resolvers };
}
