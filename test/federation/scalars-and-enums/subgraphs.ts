import { GraphQLScalarType, Kind } from 'graphql';
import type { TestSubgraph } from '../support/subgraph.ts';

/** Custom scalars that hold anything, and enums of which each subgraph knows some values. */

interface Reference {
  readonly id: string;
}

/** Shows in its answer that the value went through it once on the way in and once on the way out. */
const money = new GraphQLScalarType({
  name: 'Money',
  serialize: (value) => `${value} EUR`,
  parseValue: (value) => Number.parseFloat(String(value)),
  parseLiteral: (node) => (node.kind === Kind.STRING ? Number.parseFloat(node.value) : null),
});

const json = new GraphQLScalarType({ name: 'JSON' });

export const prices: TestSubgraph = {
  name: 'prices',
  sdl: `
    scalar Money @specifiedBy(url: "https://example.com/money")
    scalar JSON
    enum Size { SMALL MEDIUM }
    enum Channel { WEB SHOP }
    type Query {
      price(of: Money): Money
      prices: [Money]!
      anything(value: JSON): JSON
      size: Size
      sizes: [Size!]!
      channel(is: Channel): Channel
      big: Float
      item: Item
    }
    type Item @key(fields: "id") { id: ID! price: Money size: Size meta: JSON }
  `,
  resolvers: {
    Money: money,
    JSON: json,
    Channel: { WEB: 1, SHOP: 2 },
    Query: {
      price: (_: unknown, { of }: { of?: number }) => (of ?? 1) * 2,
      prices: () => [1, null, 0.5],
      anything: (_: unknown, { value }: { value: unknown }) => value ?? null,
      size: () => 'SMALL',
      sizes: () => ['SMALL', 'MEDIUM'],
      channel: (_: unknown, { is }: { is: number }) => is,
      big: () => 2 ** 53,
      item: () => ({ id: '1' }),
    },
    Item: {
      __resolveReference: ({ id }: Reference) => ({ id }),
      price: () => 9.99,
      size: () => 'MEDIUM',
      meta: () => ({ __typename: 'Trap', id: 5, list: [{ a: null }], nested: { price: 'free' } }),
    },
  },
};

export const fittings: TestSubgraph = {
  name: 'fittings',
  sdl: `
    scalar Money
    scalar JSON
    enum Size { MEDIUM LARGE }
    enum Channel { SHOP WEB }
    type Query { largest: Size wrong: Size }
    type Item @key(fields: "id") {
      id: ID!
      price: Money @external
      size: Size @external
      meta: JSON @external
      fit: String @requires(fields: "price size meta")
      largest: Size
      sold(in: [Channel!], for: Money): String
    }
  `,
  resolvers: {
    Money: money,
    JSON: json,
    Channel: { WEB: 'the web', SHOP: 'a shop' },
    Query: { largest: () => 'LARGE', wrong: () => 'HUGE' },
    Item: {
      __resolveReference: (reference: object) => reference,
      fit: ({ price, size, meta }: Record<string, unknown>) => `${price} ${size} ${JSON.stringify(meta)}`,
      largest: () => 'LARGE',
      sold: (_: unknown, received: object) => JSON.stringify(received),
    },
  },
};
