import type { TestSubgraph } from '../support/subgraph.ts';

/** The shop has interfaces that none of its types implements; what they have more is in the library, as are the types. */

const shelf = { code: 'A' };

export const shop: TestSubgraph = {
  name: 'shop',
  sdl: `
    type Query { none: Node nones: [Node!]! broken: Node shelf: Shelf lost: Media losts: [Media]! }
    type Shelf { code: String node: Node nodes: [Node!]! }
    interface Node { id: ID! }
    interface Media { id: ID! }
  `,
  resolvers: {
    Query: {
      none: () => null,
      nones: () => [],
      broken: () => ({ id: '1' }),
      shelf: () => ({ ...shelf, node: null, nodes: [] }),
      lost: () => null,
      losts: () => [null],
    },
  },
};

export const library: TestSubgraph = {
  name: 'library',
  sdl: `
    type Query { media: Media }
    interface Node { id: ID! title: String }
    interface Media { id: ID! title: String }
    type Book implements Media @key(fields: "id") { id: ID! title: String }
  `,
  resolvers: {
    Query: { media: () => ({ __typename: 'Book', id: '1', title: 'Notes' }) },
    Book: { __resolveReference: ({ id }: { id: string }) => ({ id, title: 'Notes' }) },
  },
};
