import type { TestSubgraph } from '../support/subgraph.ts';

/** Ratings know media only as an `@interfaceObject`; in the library, some media are also something else. */

interface Reference {
  readonly id: string;
}

const media = [
  { __typename: 'Book', id: 'b', title: 'Notes', pages: 100 },
  { __typename: 'Film', id: 'f', title: 'Engine' },
];

export const library: TestSubgraph = {
  name: 'library',
  sdl: `
    type Query { media: [Media!]! }
    interface Media @key(fields: "id") { id: ID! title: String }
    interface Printed { pages: Int }
    interface Spoken { voice: String }
    type Book implements Media & Printed @key(fields: "id") { id: ID! title: String pages: Int }
    type Film implements Media @key(fields: "id") { id: ID! title: String }
    type Tape implements Spoken { voice: String }
    union Item = Book | Tape
  `,
  resolvers: {
    Query: { media: () => media },
    Media: { __resolveReference: ({ id }: Reference) => media.find((each) => each.id === id) },
    Book: { __resolveReference: ({ id }: Reference) => media.find((each) => each.id === id) },
    Film: { __resolveReference: ({ id }: Reference) => media.find((each) => each.id === id) },
  },
};

export const ratings: TestSubgraph = {
  name: 'ratings',
  sdl: `
    type Query { best: Media rated: [Media!]! }
    type Media @interfaceObject @key(fields: "id") { id: ID! stars(double: Boolean): Int }
  `,
  resolvers: {
    Query: { best: () => ({ id: 'b' }), rated: () => [{ id: 'f' }, { id: 'b' }] },
    Media: {
      __resolveReference: ({ id }: Reference) => ({ id }),
      stars: ({ id }: Reference, { double }: { double?: boolean }) => (id === 'b' ? 5 : 3) * (double === true ? 2 : 1),
    },
  },
};
