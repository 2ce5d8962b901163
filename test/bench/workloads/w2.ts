import { GUARDED_LINK, LINK, type Workload } from './workload.ts';

/** W2, small: two subgraphs, two fetches in sequence, an answer of some 0.2 kB. What most traffic looks like. */
export const w2: Workload = {
  name: 'w2',
  title: 'small: 2 subgraphs, 2 fetches in sequence',
  query: '{ me { name email orders { id total } } }',
  subgraphs: {
    users: {
      sdl: `${LINK} type Query { me: User } type User @key(fields: "id") { id: ID! name: String! email: String! }`,
      resolvers: { Query: { me: () => ({ id: 'u1', name: 'Ada Lovelace', email: 'ada@example.com' }) } } as never,
      federation1:
        'extend type Query { me: User } type User @key(fields: "id") { id: ID! name: String! email: String! }',
    },
    orders: {
      sdl: `${LINK} type User @key(fields: "id") { id: ID! orders: [Order!] } type Order @key(fields: "id") { id: ID! total: String! }`,
      resolvers: {
        User: {
          __resolveReference: (reference: object) => reference,
          orders: () => [1, 2, 3].map((number) => ({ id: `o${number}`, total: `${number}2.50` })),
        },
      } as never,
      federation1:
        'extend type User @key(fields: "id") { id: ID! @external orders: [Order!] } type Order @key(fields: "id") { id: ID! total: String! }',
    },
  },
  guarded: {
    users: {
      sdl: `${GUARDED_LINK} type Query { me: User } type User @key(fields: "id") { id: ID! name: String! email: String! @authenticated }`,
    },
    orders: {
      sdl: `${GUARDED_LINK} type User @key(fields: "id") { id: ID! orders: [Order!] @requiresScopes(scopes: [["orders:read"]]) } type Order @key(fields: "id") { id: ID! total: String! }`,
    },
  },
};
