import type { TestSubgraph } from '../support/subgraph.ts';

/** Samples come from the lab, which computes a density from what the scale knows; the report requires the density of the lab again. */

interface Reference {
  readonly id: string;
}

const samples = [{ id: '1' }, { id: '2' }];
const keep = (reference: object) => reference;

export const lab: TestSubgraph = {
  name: 'lab',
  sdl: `
    type Query { sample: Sample samples: [Sample!]! }
    type Sample @key(fields: "id") {
      id: ID!
      weight: Int @external
      parts: [Part!]! @external
      density: Int @requires(fields: "weight")
      count: Int @requires(fields: "parts { id }")
    }
    type Part @key(fields: "id") { id: ID! }
  `,
  resolvers: {
    Query: { sample: () => samples[0], samples: () => samples },
    Sample: {
      __resolveReference: keep,
      density: ({ weight }: { weight?: number }) => (weight === undefined ? -1 : weight * 2),
      count: ({ parts }: { parts?: object[] }) => parts?.length ?? -1,
    },
    Part: { __resolveReference: keep },
  },
};

export const scale: TestSubgraph = {
  name: 'scale',
  sdl: `
    type Sample @key(fields: "id") { id: ID! weight: Int parts: [Part!]! }
    type Part @key(fields: "id") { id: ID! size: Int }
  `,
  resolvers: {
    Sample: {
      __resolveReference: keep,
      weight: ({ id }: Reference) => Number(id) * 10,
      parts: ({ id }: Reference) => (id === '1' ? [{ id: 'a' }, { id: 'b' }] : [{ id: 'c' }]),
    },
    Part: { __resolveReference: keep, size: ({ id }: Reference) => id.charCodeAt(0) },
  },
};

export const report: TestSubgraph = {
  name: 'report',
  sdl: `
    type Sample @key(fields: "id") {
      id: ID!
      weight: Int @external
      density: Int @external
      count: Int @external
      parts: [Part!]! @external
      summary: String @requires(fields: "density")
      verdict: String @requires(fields: "density weight")
      sizes: String @requires(fields: "count parts { size }")
    }
    type Part @key(fields: "id") { id: ID! size: Int @external }
  `,
  resolvers: {
    Sample: {
      __resolveReference: keep,
      summary: ({ density }: { density: number }) => `density ${density}`,
      verdict: ({ density, weight }: { density: number; weight: number }) => `${density} of ${weight}`,
      sizes: ({ count, parts }: { count: number; parts: { size: number }[] }) =>
        `${count}: ${parts.map(({ size }) => size).join()}`,
    },
    Part: { __resolveReference: keep },
  },
};
