import type { TestSubgraph } from '../support/subgraph.ts';

/** Objects, interfaces, unions, lists and value types over two subgraphs, whose root types have names of their own. */

interface Reference {
  readonly id: string;
}

export const zoo: TestSubgraph = {
  name: 'zoo',
  sdl: `
    schema { query: ZooQuery mutation: ZooMutation }
    type ZooQuery { animals: [Animal]! pets: [Pet!]! cage: Cage lion: Lion }
    type ZooMutation { feed: Lion }
    interface Animal { id: ID! }
    type Lion implements Animal @key(fields: "id") { id: ID! cage: Cage }
    type Seal implements Animal @key(fields: "id") { id: ID! }
    union Pet = Lion | Seal
    type Cage { size: Int bars: [[Bar]] }
    type Bar { length: Int }
  `,
  resolvers: {
    ZooQuery: {
      animals: () => [{ __typename: 'Lion', id: '1' }, null, { __typename: 'Seal', id: '2' }],
      pets: () => [{ __typename: 'Seal', id: '2' }],
      cage: () => ({ size: 2, bars: [[{ length: 1 }, null], null] }),
      lion: () => ({ id: '1' }),
    },
    ZooMutation: { feed: () => ({ id: '1' }) },
    Lion: { __resolveReference: ({ id }: Reference) => ({ id }), cage: () => ({ size: 1, bars: [] }) },
    Seal: { __resolveReference: ({ id }: Reference) => ({ id }) },
  },
};

export const vet: TestSubgraph = {
  name: 'vet',
  sdl: `
    type Query { vet: Vet! }
    type Vet { patients: [Lion!]! }
    type Lion @key(fields: "id") { id: ID! health: Health }
    type Seal @key(fields: "id") { id: ID! health: Health }
    type Health { grade: Int }
  `,
  resolvers: {
    Query: { vet: () => ({ patients: [{ id: '1' }, { id: '9' }] }) },
    Lion: { __resolveReference: ({ id }: Reference) => ({ id }), health: () => ({ grade: 1 }) },
    Seal: { __resolveReference: () => null },
  },
};
