import type { TestSubgraph } from '../support/subgraph.ts';

/** Shipping starts with products it resolves by `id` only, needs the catalogue for a `@requires`, and is come back to. */

const products = [
  { id: '1', sku: 'pen', weight: 10 },
  { id: '2', sku: 'ink', weight: 20 },
];

export const catalogue: TestSubgraph = {
  name: 'catalogue',
  sdl: `
    type Query { products: [Product!]! }
    type Product @key(fields: "id") @key(fields: "sku") { id: ID! sku: ID! weight: Int }
  `,
  resolvers: {
    Query: { products: () => products },
    Product: {
      __resolveReference: (reference: { id?: string; sku?: string }) =>
        products.find(({ id, sku }) => reference.id === id || reference.sku === sku),
    },
  },
};

export const shipping: TestSubgraph = {
  name: 'shipping',
  sdl: `
    type Query { heaviest: Product shipped: [Product!]! }
    type Product @key(fields: "sku", resolvable: false) @key(fields: "id") {
      id: ID!
      sku: ID!
      weight: Int @external
      cost: Int @requires(fields: "weight")
      parcel: String
    }
  `,
  resolvers: {
    Query: { heaviest: () => products[1], shipped: () => products },
    Product: {
      // It says that it resolves no sku, and it does not.
      __resolveReference: ({ id, weight }: { id?: string; weight?: number }) => {
        const product = products.find((each) => each.id === id);
        return product === undefined ? null : { id, sku: product.sku, weight };
      },
      cost: ({ weight }: { weight?: number }) => (weight ?? 0) * 2,
      parcel: ({ id }: { id: string }) => `parcel ${id}`,
    },
  },
};
