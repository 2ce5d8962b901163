import type { TestSubgraph } from '../support/subgraph.ts';

/** Shipping needs what the catalogue knows: `@requires` of plain, nested, listed and argumented fields, and a chain of three. */

interface Reference {
  readonly id: string;
}

interface Dimensions {
  readonly width: number;
  readonly height: number | null;
}

const products = [
  {
    id: '1',
    weight: 10,
    dimensions: { width: 2, height: 3 },
    parts: [
      { code: 'a', grams: 1 },
      { code: 'b', grams: 2 },
    ],
    matrix: [[{ value: 1 }, null], null, []],
  },
  { id: '2', weight: 20, dimensions: { width: 4, height: null }, parts: [], matrix: [] },
  { id: '3', weight: null, dimensions: null, parts: [{ code: 'c', grams: 5 }, null], matrix: null },
];

export const catalogue: TestSubgraph = {
  name: 'catalogue',
  sdl: `
    type Query { product(id: ID!): Product products: [Product!]! }
    type Product @key(fields: "id") {
      id: ID!
      weight: Int
      dimensions: Dimensions
      parts: [Part]
      matrix: [[Cell]]
      price(currency: String! = "EUR"): Int
    }
    type Dimensions @shareable { width: Int! height: Int }
    type Part @shareable { code: String! grams: Int! }
    type Cell @shareable { value: Int! }
  `,
  resolvers: {
    Query: {
      product: (_: unknown, { id }: Reference) => products.find((product) => product.id === id),
      products: () => products,
    },
    Product: {
      __resolveReference: ({ id }: Reference) => products.find((product) => product.id === id),
      price: ({ id }: Reference, { currency }: { currency: string }) => Number(id) * (currency === 'EUR' ? 100 : 110),
    },
  },
};

export const shipping: TestSubgraph = {
  name: 'shipping',
  sdl: `
    type Product @key(fields: "id") {
      id: ID!
      weight: Int @external
      dimensions: Dimensions @external
      parts: [Part] @external
      matrix: [[Cell]] @external
      price(currency: String! = "EUR"): Int @external
      cost: Int @requires(fields: "weight")
      volume: Int @requires(fields: "dimensions { width height }")
      partsWeight: Int @requires(fields: "parts { grams }")
      cells: String @requires(fields: "matrix { value }")
      dollars: Int @requires(fields: "price(currency: \\"USD\\")")
      insurance(rate: Int! = 2): Int @requires(fields: "weight price")
      label(prefix: String): String @requires(fields: "weight dimensions { width }")
    }
    type Dimensions @shareable { width: Int! height: Int }
    type Part @shareable { code: String! grams: Int! }
    type Cell @shareable { value: Int! }
  `,
  resolvers: {
    Product: {
      __resolveReference: (reference: object) => reference,
      cost: ({ weight }: { weight: number | null }) => (weight === null ? null : weight * 2),
      volume: ({ dimensions }: { dimensions: Dimensions | null }) =>
        dimensions === null ? null : dimensions.width * (dimensions.height ?? 1),
      partsWeight: ({ parts }: { parts: ({ grams: number } | null)[] }) =>
        parts.reduce((sum, part) => sum + (part?.grams ?? 0), 0),
      cells: ({ matrix }: { matrix: unknown }) => JSON.stringify(matrix),
      dollars: ({ price }: { price: number }) => price,
      insurance: ({ weight, price }: { weight: number | null; price: number }, { rate }: { rate: number }) =>
        ((weight ?? 0) + price) * rate,
      label: (product: { weight: number; dimensions: Dimensions | null }, { prefix }: { prefix?: string | null }) =>
        `${prefix === undefined ? 'absent' : prefix}-${product.weight}-${product.dimensions?.width ?? 'flat'}`,
    },
  },
};

export const checkout: TestSubgraph = {
  name: 'checkout',
  sdl: `
    type Product @key(fields: "id") {
      id: ID!
      cost: Int @external
      volume: Int @external
      total: Int @requires(fields: "cost volume")
    }
  `,
  resolvers: {
    Product: {
      __resolveReference: (reference: object) => reference,
      total: ({ cost, volume }: { cost: number | null; volume: number | null }) => (cost ?? 0) + (volume ?? 0),
    },
  },
};

export const tax: TestSubgraph = {
  name: 'tax',
  sdl: `
    type Query { taxed: [Product!]! }
    type Product @key(fields: "id") { id: ID! total: Int @external tax: Int @requires(fields: "total") }
  `,
  resolvers: {
    Query: { taxed: () => [{ id: '2' }, { id: '1' }, { id: '2' }] },
    Product: {
      __resolveReference: (reference: object) => reference,
      tax: ({ total }: { total: number }) => total * 10,
    },
  },
};
