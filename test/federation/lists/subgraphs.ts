import type { TestSubgraph } from '../support/subgraph.ts';

/** Lists of lists, with nulls at every depth and entities at the bottom, which another subgraph completes. */

interface Reference {
  readonly id: string;
}

const item = (id: number) => ({ id: String(id) });

export const boards: TestSubgraph = {
  name: 'boards',
  sdl: `
    type Query {
      grid: [[Cell]]
      cube: [[[Cell!]!]!]!
      sparse: [Cell]
      empty: [Cell!]!
      hollow: [[Cell]!]!
      none: [Cell!]
      numbers: [[Int]]
      rows: [Row!]!
      same(count: Int!): [Cell!]!
    }
    type Row { name: String! cells: [Cell]! nested: [[Cell]] }
    type Cell @key(fields: "id") { id: ID! }
  `,
  resolvers: {
    Query: {
      grid: () => [[item(1), null, item(2)], null, [], [null]],
      cube: () => [[[item(1)], []], [], [[item(2), item(1)]]],
      sparse: () => [null, item(3), null],
      empty: () => [],
      hollow: () => [[], [null]],
      none: () => null,
      numbers: () => [[1, null], null, [], [2, 3]],
      rows: () => [
        { name: 'a', cells: [item(1), null], nested: [[item(2)], null] },
        { name: 'b', cells: [], nested: null },
        { name: 'c', cells: [item(1), item(4)], nested: [] },
      ],
      same: (_: unknown, { count }: { count: number }) =>
        Array.from({ length: count }, (_each, index) => item(index % 3)),
    },
    Cell: { __resolveReference: ({ id }: Reference) => ({ id }) },
  },
};

export const colours: TestSubgraph = {
  name: 'colours',
  sdl: `type Cell @key(fields: "id") { id: ID! colour: String neighbours: [[Cell]] shade: Int! }`,
  resolvers: {
    Cell: {
      __resolveReference: ({ id }: Reference) => (id === '4' ? null : { id }),
      colour: ({ id }: Reference) => ['black', 'red', 'green', 'blue'][Number(id)],
      shade: ({ id }: Reference) => Number(id) * 10,
      neighbours: ({ id }: Reference) => [[item(Number(id) + 1), null], []],
    },
  },
};

export const names: TestSubgraph = {
  name: 'names',
  sdl: `type Cell @key(fields: "id") { id: ID! name: String tags: [String] }`,
  resolvers: {
    Cell: {
      __resolveReference: ({ id }: Reference) => ({ id }),
      name: ({ id }: Reference) => `cell ${id}`,
      tags: ({ id }: Reference) => (id === '1' ? ['x', null] : id === '2' ? [] : null),
    },
  },
};
