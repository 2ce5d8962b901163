import type { TestSubgraph } from '../support/subgraph.ts';

/**
 * A product is known by its id in the catalogue, by its sku in the stock, by both in the reviews; a user's key holds an
 * object, a membership's key holds two other entities.
 */

const products = [
  { id: '1', sku: 'pen', package: 'retail', name: 'Pen' },
  { id: '2', sku: 'ink', package: 'retail', name: 'Ink' },
  { id: '3', sku: 'pen', package: 'bulk', name: 'Pens' },
];

const users = [
  { account: { region: { code: 'eu' }, number: 7 }, email: 'ada@example.com' },
  { account: { region: { code: 'us' }, number: 7 }, email: 'grace@example.com' },
];

type Product = (typeof products)[number];

export const catalogue: TestSubgraph = {
  name: 'catalogue',
  sdl: `
    type Query {
      product(id: ID!): Product
      products: [Product!]!
      unknownProduct: Product
      memberships: [Membership!]!
    }
    type Product @key(fields: "id") @key(fields: "sku package") {
      id: ID!
      sku: String!
      package: String!
      name: String
      label(loud: Boolean!): String
    }
    type Membership @key(fields: "product { id } user { account { region { code } number } }") {
      product: Product!
      user: User!
    }
    type User @key(fields: "account { region { code } number }", resolvable: false) { account: Account! }
    type Account @shareable { region: Region! number: Int! }
    type Region @shareable { code: String! }
  `,
  resolvers: {
    Query: {
      product: (_: unknown, { id }: { id: string }) => products.find((product) => product.id === id),
      products: () => products,
      unknownProduct: () => ({ id: '404', sku: 'nothing', package: 'none', name: 'Ghost' }),
      memberships: () => users.map((user, index) => ({ product: products[index], user: { account: user.account } })),
    },
    Product: {
      label: ({ name }: Product, { loud }: { loud: boolean }) => (loud ? name.toUpperCase() : name),
      __resolveReference: (reference: Partial<Product>) =>
        products.find(
          ({ id, sku, package: wrapping }) =>
            reference.id === id || (reference.sku === sku && reference.package === wrapping),
        ),
    },
    Membership: { __resolveReference: (reference: object) => reference },
  },
};

export const stock: TestSubgraph = {
  name: 'stock',
  sdl: `
    type Query { lowest: Product! shelves: [Shelf!]! }
    type Product @key(fields: "sku package") {
      sku: String!
      package: String!
      inStock: Int
    }
    type Shelf @key(fields: "number") { number: Int! product: Product }
  `,
  resolvers: {
    Query: {
      lowest: () => ({ sku: 'ink', package: 'retail' }),
      shelves: () => [
        { number: 1, product: { sku: 'pen', package: 'retail' } },
        { number: 2, product: { sku: 'pen', package: 'bulk' } },
        { number: 3, product: { sku: 'pen', package: 'retail' } },
        { number: 4, product: null },
      ],
    },
    Product: {
      __resolveReference: ({ sku, package: wrapping }: Product) =>
        products.some((product) => product.sku === sku && product.package === wrapping)
          ? { sku, package: wrapping }
          : null,
      inStock: ({ sku, package: wrapping }: Product) => sku.length + wrapping.length,
    },
    Shelf: { __resolveReference: ({ number }: { number: number }) => ({ number }) },
  },
};

export const reviews: TestSubgraph = {
  name: 'reviews',
  sdl: `
    type Product @key(fields: "id") { id: ID! rating: Float reviewer: User }
    type User @key(fields: "account { region { code } number }") { account: Account! email: String }
    type Account @shareable { region: Region! number: Int! }
    type Region @shareable { code: String! }
    type Membership @key(fields: "product { id } user { account { region { code } number } }") {
      product: Product!
      user: User!
      since: Int
    }
  `,
  resolvers: {
    Product: {
      __resolveReference: ({ id }: Product) => (id === '404' ? null : { id }),
      rating: ({ id }: Product) => Number(id) + 0.5,
      reviewer: ({ id }: Product) => users[Number(id) - 1] ?? null,
    },
    User: {
      __resolveReference: ({ account }: (typeof users)[number]) =>
        users.find(
          (user) => user.account.region.code === account.region.code && user.account.number === account.number,
        ),
    },
    Membership: {
      __resolveReference: (reference: object) => reference,
      since: ({ product, user }: { product: Product; user: (typeof users)[number] }) =>
        2000 + Number(product.id) + user.account.region.code.length,
    },
  },
};
