import { GraphQLError } from 'graphql';
import type { TestSubgraph } from '../support/subgraph.ts';

/** Two subgraphs that write into one journal, so that a case sees in which order its mutations ran. */

interface Reference {
  readonly id: string;
}

let journal: string[] = [];

function write(entry: string): string {
  journal.push(entry);
  return journal.join(' ');
}

export const carts: TestSubgraph = {
  name: 'carts',
  reset: () => {
    journal = [];
  },
  sdl: `
    type Query { cart: Cart journal: String }
    type Mutation { add(item: String!): String addTo(id: ID!): Added fail: String strict: String! slow: String }
    type Added { cart: Cart query: Query journal: String }
    type Cart @key(fields: "id") { id: ID! items: Int }
  `,
  resolvers: {
    Query: { cart: () => ({ id: '1' }), journal: () => journal.join(' ') },
    Mutation: {
      add: (_: unknown, { item }: { item: string }) => write(`+${item}`),
      addTo: (_: unknown, { id }: Reference) => ({ cart: { id }, query: {}, journal: write(`to${id}`) }),
      slow: async () => {
        await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
        return write('slow');
      },
      fail: () => {
        write('fail');
        throw new GraphQLError('the cart is full', { extensions: { code: 'CART_FULL', limit: 3 } });
      },
      strict: () => {
        write('strict');
        throw new GraphQLError('no', { extensions: { code: 'NO' } });
      },
    },
    Cart: { __resolveReference: ({ id }: Reference) => ({ id }), items: () => journal.length },
  },
};

export const payments: TestSubgraph = {
  name: 'payments',
  sdl: `
    type Query { paid: String }
    type Mutation { pay(amount: Int!): Payment refund: String }
    type Payment { amount: Int! journal: String cart: Cart }
    type Cart @key(fields: "id") { id: ID! due: String }
  `,
  resolvers: {
    Query: { paid: () => journal.join(' ') },
    Mutation: {
      pay: (_: unknown, { amount }: { amount: number }) => ({
        amount,
        journal: write(`$${amount}`),
        cart: { id: '1' },
      }),
      refund: () => write('refund'),
    },
    Cart: { __resolveReference: ({ id }: Reference) => ({ id }), due: () => `after ${journal.join(' ')}` },
  },
};
