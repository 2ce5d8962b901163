import { LINK, type Workload } from './workload.ts';

/**
 * W1, wide: four subgraphs, sixteen fetches four deep, an answer of some 90 kB. The shape of the public benchmarks of
 * federation gateways.
 */

interface Keyed {
  readonly id: string;
}

interface Product {
  readonly upc: string;
  readonly name: string;
  readonly price: number;
  readonly weight: number;
}

const users = Array.from({ length: 6 }, (_, index) => ({
  id: `u${index}`,
  name: `User number ${index}`,
  username: `user-${index}`,
  birthday: index * 1000,
}));
const products: readonly Product[] = Array.from({ length: 9 }, (_, index) => ({
  upc: `p${index}`,
  name: `A product with number ${index}`,
  price: 100 + index * 37,
  weight: 10 + index * 11,
}));
const reviews = Array.from({ length: 12 }, (_, index) => ({
  id: `r${index}`,
  body: `What one writes of a product when one has used it for ${index} days.`,
  authorId: `u${index % 2}`,
  upc: `p${index % 3}`,
}));

const findUser = ({ id }: Keyed) => users.find((user) => user.id === id);
const findProduct = ({ upc }: { upc: string }) => products.find((product) => product.upc === upc);

export const w1: Workload = {
  name: 'w1',
  title: 'wide: 4 subgraphs, 16 fetches, 4 deep',
  query: `
    fragment U on User { id username name }
    fragment R on Review { id body }
    fragment P on Product { inStock name price shippingEstimate upc weight }
    query TestQuery {
      users { ...U reviews { ...R product { ...P reviews { ...R author { ...U reviews { ...R product { ...P } } } } } } }
      topProducts { ...P reviews { ...R author { ...U reviews { ...R product { ...P } } } } }
    }`,
  subgraphs: {
    accounts: {
      sdl: `${LINK} type Query { me: User users: [User] user(id: ID!): User } type User @key(fields: "id") { id: ID! name: String username: String @shareable birthday: Int }`,
      resolvers: {
        Query: { me: () => users[0], users: () => users, user: (_: unknown, reference: Keyed) => findUser(reference) },
        User: { __resolveReference: findUser },
      } as never,
      federation1:
        'extend type Query { me: User users: [User] user(id: ID!): User } type User @key(fields: "id") { id: ID! name: String username: String birthday: Int }',
    },
    inventory: {
      sdl: `${LINK} type Product @key(fields: "upc") { upc: String! weight: Int @external price: Int @external inStock: Boolean shippingEstimate: Int @requires(fields: "price weight") }`,
      resolvers: {
        Product: {
          __resolveReference: (reference: object) => reference,
          inStock: ({ upc }: Product) => upc !== 'p3',
          shippingEstimate: ({ price, weight }: Product) => (price > 300 ? 0 : Math.round(weight / 2)),
        },
      } as never,
      federation1:
        'extend type Product @key(fields: "upc") { upc: String! @external weight: Int @external price: Int @external inStock: Boolean shippingEstimate: Int @requires(fields: "price weight") }',
    },
    products: {
      sdl: `${LINK} type Query { topProducts(first: Int = 5): [Product] } type Product @key(fields: "upc") { upc: String! name: String price: Int weight: Int }`,
      resolvers: {
        Query: { topProducts: (_: unknown, { first }: { first: number }) => products.slice(0, first) },
        Product: { __resolveReference: findProduct },
      } as never,
      federation1:
        'extend type Query { topProducts(first: Int = 5): [Product] } type Product @key(fields: "upc") { upc: String! name: String price: Int weight: Int }',
    },
    reviews: {
      sdl: `${LINK}
        type Review @key(fields: "id") { id: ID! body: String author: User @provides(fields: "username") product: Product }
        type User @key(fields: "id") { id: ID! username: String @external numberOfReviews: Int reviews: [Review] }
        type Product @key(fields: "upc") { upc: String! reviews: [Review] }`,
      resolvers: {
        Review: {
          __resolveReference: ({ id }: Keyed) => reviews.find((review) => review.id === id),
          author: ({ authorId }: { authorId: string }) => ({ id: authorId }),
          product: ({ upc }: { upc: string }) => ({ upc }),
        },
        User: {
          __resolveReference: (reference: object) => reference,
          username: ({ id }: Keyed) => findUser({ id })?.username,
          reviews: ({ id }: Keyed) => reviews.filter(({ authorId }) => authorId === id),
        },
        Product: {
          __resolveReference: (reference: object) => reference,
          reviews: ({ upc }: Product) => reviews.filter((review) => review.upc === upc),
        },
      } as never,
      federation1: `
        type Review @key(fields: "id") { id: ID! body: String author: User @provides(fields: "username") product: Product }
        extend type User @key(fields: "id") { id: ID! @external username: String @external numberOfReviews: Int reviews: [Review] }
        extend type Product @key(fields: "upc") { upc: String! @external reviews: [Review] }`,
    },
  },
};
