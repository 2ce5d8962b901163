import type { TestSubgraph } from '../support/subgraph.ts';

/** Every kind of type and every directive of federation, so that what clients see can be searched for traces of them. */

interface Reference {
  readonly id: string;
}

export const inventory: TestSubgraph = {
  name: 'inventory',
  sdl: `
    "What can be asked."
    type Query {
      product(id: ID! = "1", "Whether to look twice." careful: Boolean @deprecated(reason: "always is")): Product
      old: String @deprecated(reason: "use product")
    }
    type Mutation { rename(input: Rename!): Product }
    input Rename { id: ID! name: String = "new" @tag(name: "input") }
    "A thing to buy."
    type Product implements Named @key(fields: "id") @key(fields: "sku") @tag(name: "public") {
      id: ID!
      sku: String! @shareable
      name: String @override(from: "warehouse")
      size: Size
      created: Date
      related: [Product!] @provides(fields: "stock")
      stock: Int @external
    }
    interface Named { name: String }
    enum Size { SMALL LARGE @deprecated(reason: "too big") }
    scalar Date @specifiedBy(url: "https://example.com/date")
    union Thing = Product | Box
    type Box { thing: Thing }
  `,
  resolvers: {
    Query: {
      product: (_: unknown, { id }: Reference) => ({ id, sku: `s${id}`, name: `product ${id}` }),
      old: () => 'old',
    },
    Mutation: { rename: (_: unknown, { input }: { input: Reference }) => ({ ...input, sku: 's' }) },
    Product: {
      __resolveReference: ({ id = '1' }: Partial<Reference>) => ({ id, sku: `s${id}`, name: `product ${id}` }),
    },
  },
};

export const warehouse: TestSubgraph = {
  name: 'warehouse',
  sdl: `
    type Product @key(fields: "id") {
      id: ID!
      sku: String! @shareable
      name: String
      stock: Int @shareable
      weight: Int @requires(fields: "size")
      size: Size @external
    }
    enum Size { SMALL LARGE }
  `,
  resolvers: {
    Product: {
      __resolveReference: (reference: object) => reference,
      stock: () => 3,
      weight: ({ size }: { size: string }) => size?.length ?? 0,
    },
  },
};
