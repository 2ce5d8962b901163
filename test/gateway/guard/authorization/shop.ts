/** Two subgraphs with something guarded at every depth. */

/** What mutations have done. */
export const written: string[] = [];

export const CATALOG = {
  name: 'catalog',
  sdl: `
    type Query {
      product(id: ID): Product
      products: [Product]!
      strict: [Product!]!
      found: [Found]
      node(id: ID!): Node
    }
    type Mutation { rename(name: String): Product remove(id: ID): Product @authenticated }
    interface Node { id: ID! name: String }
    type Product implements Node @key(fields: "id") {
      id: ID!
      name: String
      cost: Int @authenticated
      margin: Int! @authenticated
      supplier(country: String): Supplier @authenticated
      parts: [[Part]]
      tag(of: String): String @requiresScopes(scopes: [["tags"]])
    }
    type Supplier { name: String }
    type Part { code: String secret: String! @authenticated }
    type Ledger @key(fields: "number") { number: ID! @authenticated total: Int }
    extend type Query { ledger: Ledger }
    union Found = Product | Part | Ledger
  `,
  resolvers: {
    Query: {
      product: () => PRODUCT,
      products: () => [PRODUCT, { ...PRODUCT, id: '2' }],
      strict: () => [PRODUCT],
      found: () => [{ __typename: 'Part', code: 'x', secret: 's' }, PRODUCT],
      node: () => PRODUCT,
      ledger: () => ({ number: '7', total: 70 }),
    },
    Mutation: {
      rename: (_: unknown, { name }: { name: string }) => {
        written.push(`rename ${name}`);
        return { ...PRODUCT, name };
      },
      remove: () => {
        written.push('remove');
        return PRODUCT;
      },
    },
    Product: { tag: (_: unknown, { of }: { of?: string }) => `tag of ${of}` },
  },
};

const PRODUCT = {
  __typename: 'Product',
  id: '1',
  name: 'Gear',
  cost: 10,
  margin: 3,
  supplier: { name: 'Mill' },
  parts: [[{ code: 'a', secret: 's' }, null], [{ code: 'b', secret: 't' }]],
};

export const REVIEWS = {
  name: 'reviews',
  sdl: `
    type Product @key(fields: "id") {
      id: ID!
      stars: Int
      notes: String @authenticated
      cost: Int @external
      value: String @requires(fields: "cost") @authenticated
    }
    type Ledger @key(fields: "number") { number: ID! @authenticated entries: Int }
  `,
  resolvers: {
    Product: {
      __resolveReference: ({ id, cost }: { id: string; cost: number }) => ({ id, stars: 4, notes: 'n', cost }),
      value: ({ cost }: { cost: number }) => `worth ${cost}`,
    },
    Ledger: { __resolveReference: ({ number }: { number: string }) => ({ number, entries: Number(number) }) },
  },
};
