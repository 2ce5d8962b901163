import type { TestSubgraph } from '../support/subgraph.ts';

/**
 * Entities in one union whose keys have one name and several types: a fetch that needs both keys must ask for one of them
 * under another name (`id__alias_0`), and everyone who reads its answer must know.
 */

interface Reference<Id> {
  readonly id: Id;
}

export const feed: TestSubgraph = {
  name: 'feed',
  sdl: `
    type Query { feed: [Entry!]! labelled: [Labelled!]! wall: Wall }
    union Entry = Photo | Video | Note
    interface Labelled { label: String! }
    type Photo implements Labelled @key(fields: "id") { id: ID! label: String! size: Int! weight: String }
    type Video implements Labelled @key(fields: "id") { id: Int! label: String! size: Float weight: Int! }
    type Note implements Labelled @key(fields: "id") { id: String label: String! size: [Int!]! weight: [String] }
    type Wall { rows: [[Entry]] }
  `,
  resolvers: {
    Query: {
      feed: () => entries,
      labelled: () => entries,
      wall: () => ({
        rows: [
          [entries[0], null],
          [entries[1], entries[2]],
        ],
      }),
    },
    Photo: { __resolveReference: ({ id }: Reference<string>) => entries.find((entry) => entry.id === id) },
    Video: { __resolveReference: ({ id }: Reference<number>) => entries.find((entry) => entry.id === id) },
    Note: { __resolveReference: ({ id }: Reference<string>) => entries.find((entry) => entry.id === id) },
  },
};

const entries = [
  { __typename: 'Photo', id: 'p', label: 'photo', size: 3, weight: 'heavy' },
  { __typename: 'Video', id: 7, label: 'video', size: 0.5, weight: 12 },
  { __typename: 'Note', id: 'n', label: 'note', size: [1, 2], weight: ['a', null] },
];

export const likes: TestSubgraph = {
  name: 'likes',
  sdl: `
    type Photo @key(fields: "id") {
      id: ID!
      size: Int! @external
      weight: String @external
      likes: Int
      summary: String @requires(fields: "size weight")
      broken: String
    }
    type Video @key(fields: "id") {
      id: Int!
      size: Float @external
      weight: Int! @external
      likes: Int
      summary: String @requires(fields: "size weight")
      broken: String
    }
    type Note @key(fields: "id") {
      id: String
      size: [Int!]! @external
      likes: Int
      summary: String @requires(fields: "size")
    }
  `,
  resolvers: {
    Photo: {
      __resolveReference: (reference: object) => reference,
      likes: ({ id }: Reference<string>) => (id === 'p' ? 1 : -1),
      summary: ({ size, weight }: Record<string, unknown>) => JSON.stringify({ size, weight }),
      broken: () => {
        throw new Error('no photo');
      },
    },
    Video: {
      __resolveReference: (reference: object) => reference,
      likes: ({ id }: Reference<number>) => id,
      summary: ({ size, weight }: Record<string, unknown>) => JSON.stringify({ size, weight }),
      broken: () => {
        throw new Error('no video');
      },
    },
    Note: {
      __resolveReference: (reference: object) => reference,
      likes: ({ id }: Reference<string>) => (id === 'n' ? 3 : -1),
      summary: ({ size }: Record<string, unknown>) => JSON.stringify({ size }),
    },
  },
};
