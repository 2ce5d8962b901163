import type { TestSubgraph } from '../support/subgraph.ts';

/** A field moves from the monolith to billing. */

interface Reference {
  readonly id: string;
}

export const monolith: TestSubgraph = {
  name: 'monolith',
  sdl: `
    type Query { bills: [Bill!]! latest: Bill }
    type Bill @key(fields: "id") { id: ID! amount: Int currency: String note: String }
  `,
  resolvers: {
    Query: { bills: () => [{ id: '1' }, { id: '2' }], latest: () => ({ id: '2' }) },
    Bill: {
      __resolveReference: ({ id }: Reference) => ({ id }),
      amount: () => -1,
      currency: () => 'monolith',
      note: ({ id }: Reference) => `note ${id}`,
    },
  },
};

export const billing: TestSubgraph = {
  name: 'billing',
  sdl: `
    type Query { latest: Bill @override(from: "monolith") }
    type Bill @key(fields: "id") {
      id: ID!
      amount: Int @override(from: "monolith")
      paid: Boolean
      gone: Int @override(from: "nobody")
    }
  `,
  resolvers: {
    Query: { latest: () => ({ id: '9' }) },
    Bill: {
      __resolveReference: ({ id }: Reference) => ({ id }),
      amount: ({ id }: Reference) => Number(id) * 100,
      paid: ({ id }: Reference) => id === '1',
      gone: () => 0,
    },
  },
};
