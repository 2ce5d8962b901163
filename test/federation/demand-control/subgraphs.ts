import type { TestSubgraph } from '../support/subgraph.ts';

/** Directives that say something to a gateway and nothing about the data: it must load them, and answer as without them. */

interface Reference {
  readonly id: string;
}

export const catalogue: TestSubgraph = {
  name: 'catalogue',
  sdl: `
    type Query {
      product(id: ID! @cost(weight: 2)): Product @cost(weight: 5) @cacheTag(format: "product-{$args.id}")
      products(first: Int = 2): [Product!]! @listSize(slicingArguments: ["first"], assumedSize: 10) @cacheTag(format: "products")
      page(first: Int!): Page @listSize(slicingArguments: ["first"], sizedFields: ["items"])
    }
    type Page { items: [Product!]! }
    type Product @key(fields: "id") @cacheTag(format: "product-{$key.id}") { id: ID! name: String price: Price @cost(weight: 3) }
    scalar Price @cost(weight: 4)
    enum Colour @cost(weight: 1) { RED }
  `,
  resolvers: {
    Query: {
      product: (_: unknown, { id }: Reference) => ({ id }),
      products: (_: unknown, { first }: { first: number }) =>
        Array.from({ length: first }, (_each, index) => ({ id: `${index}` })),
      page: (_: unknown, { first }: { first: number }) => ({
        items: Array.from({ length: first }, () => ({ id: '5' })),
      }),
    },
    Product: {
      __resolveReference: ({ id }: Reference) => ({ id }),
      name: ({ id }: Reference) => `product ${id}`,
      price: () => 9.5,
    },
  },
};

export const shop: TestSubgraph = {
  name: 'shop',
  sdl: `type Product @key(fields: "id") @cacheTag(format: "shop-{$key.id}") {
    id: ID!
    offers(colour: Colour): [String!]! @listSize(assumedSize: 3) @cost(weight: 7)
    name: String @override(from: "catalogue", label: "percent(0)")
  }
  enum Colour { RED }`,
  resolvers: {
    Product: {
      __resolveReference: ({ id }: Reference) => ({ id }),
      offers: ({ id }: Reference, { colour }: { colour?: string }) => [`offer ${id} ${colour ?? 'any'}`],
      name: ({ id }: Reference) => `shop ${id}`,
    },
  },
};
