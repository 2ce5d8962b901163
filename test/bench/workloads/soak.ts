import { w1 } from './w1.ts';
import { LINK, type Workload } from './workload.ts';

/** W1, and beside it in the same graph W2, whose user is a customer here: one gateway can be asked for both. */
export const soak: Workload = {
  ...w1,
  name: 'soak',
  title: 'W1 and W2 in one graph',
  subgraphs: {
    ...w1.subgraphs,
    customers: {
      sdl: `${LINK} type Query { customer: Customer } type Customer @key(fields: "id") { id: ID! name: String! email: String! }`,
      resolvers: { Query: { customer: () => ({ id: 'c1', name: 'Ada Lovelace', email: 'ada@example.com' }) } } as never,
    },
    orders: {
      sdl: `${LINK} type Customer @key(fields: "id") { id: ID! orders: [Order!] } type Order @key(fields: "id") { id: ID! total: String! }`,
      resolvers: {
        Customer: {
          __resolveReference: (reference: object) => reference,
          orders: () => [1, 2, 3].map((number) => ({ id: `o${number}`, total: `${number}2.50` })),
        },
      } as never,
    },
  },
};

/** W2's query on this graph. */
export const SMALL_QUERY = '{ customer { name email orders { id total } } }';
