import type { TestSubgraph } from '../support/subgraph.ts';

/**
 * A parcel that four subgraphs know by two keys, with two chains of requirements through all of them. Where each chain asks
 * for the weight, the planner joins a fetch with one that waits for it.
 */

interface Parcel {
  readonly id: string;
  readonly row: number;
  readonly shelf: number;
}

const parcel: Parcel = { id: '1', row: 2, shelf: 3 };
/** There is one parcel: what is sent of it is kept. */
const find = (reference: object) => ({ ...parcel, ...reference });

export const depot: TestSubgraph = {
  name: 'depot',
  sdl: `
    type Parcel @key(fields: "row shelf") @key(fields: "id") { id: ID! row: Int! shelf: Int! weight: Int }
  `,
  resolvers: { Parcel: { __resolveReference: find, weight: () => 5 } },
};

export const desk: TestSubgraph = {
  name: 'desk',
  sdl: `
    type Parcel @key(fields: "row shelf") {
      row: Int!
      shelf: Int!
      rate: Int @external
      tag: String @external
      note: String @requires(fields: "rate tag")
    }
  `,
  resolvers: {
    Parcel: {
      __resolveReference: find,
      note: ({ rate, tag }: { rate?: number; tag?: string }) => `${rate} for ${tag}`,
    },
  },
};

export const counter: TestSubgraph = {
  name: 'counter',
  sdl: `
    type Query { parcel: Parcel }
    type Parcel @key(fields: "id") {
      id: ID!
      weight: Int @external
      class: String @requires(fields: "weight")
      rate: Int @requires(fields: "weight")
    }
  `,
  resolvers: {
    Query: { parcel: () => parcel },
    Parcel: {
      __resolveReference: find,
      class: ({ weight }: { weight?: number }) => `class ${weight}`,
      rate: ({ weight }: { weight?: number }) => (weight ?? -1) * 2,
    },
  },
};

export const sorter: TestSubgraph = {
  name: 'sorter',
  sdl: `
    type Parcel @key(fields: "id") @key(fields: "row shelf") {
      id: ID!
      row: Int!
      shelf: Int!
      weight: Int @external
      class: String @external
      rate: Int @external
      route: String @requires(fields: "weight class")
      tag: String @requires(fields: "rate")
    }
  `,
  resolvers: {
    Parcel: {
      __resolveReference: find,
      route: (sent: { weight?: number; class?: string }) => `${sent.weight} by ${sent.class}`,
      tag: ({ rate }: { rate?: number }) => `tag ${rate}`,
    },
  },
};
