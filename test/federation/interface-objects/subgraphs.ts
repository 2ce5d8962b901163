import type { TestSubgraph } from '../support/subgraph.ts';

/**
 * Products knows what kinds of media there are (an entity interface); reviews and offers know only that there is media
 * (`@interfaceObject`) and add fields to all of its kinds.
 */

interface Reference {
  readonly id: string;
}

const media = [
  { __typename: 'Book', id: '1', title: 'Notes', pages: 100 },
  { __typename: 'Film', id: '2', title: 'Engine', minutes: 90 },
];
const find = ({ id }: Reference) => media.find((medium) => medium.id === id);

export const products: TestSubgraph = {
  name: 'products',
  sdl: `
    type Query { media: [Media!]! book(id: ID!): Book }
    interface Media @key(fields: "id") { id: ID! title: String }
    type Book implements Media @key(fields: "id") { id: ID! title: String pages: Int }
    type Film implements Media @key(fields: "id") { id: ID! title: String minutes: Int }
  `,
  resolvers: {
    Query: { media: () => media, book: (_: unknown, reference: Reference) => find(reference) },
    Media: { __resolveReference: find },
    Book: { __resolveReference: find },
    Film: { __resolveReference: find },
  },
};

export const reviews: TestSubgraph = {
  name: 'reviews',
  sdl: `
    type Query { topRated: [Media!]! lost: Media }
    type Media @key(fields: "id") @interfaceObject { id: ID! reviews: [Review!]! rating: Int }
    type Review @key(fields: "id") { id: ID! text: String media: Media }
  `,
  resolvers: {
    Query: { topRated: () => [{ id: '2' }, { id: '1' }, { id: '2' }], lost: () => ({ id: '404' }) },
    Media: {
      __resolveReference: ({ id }: Reference) => ({ id }),
      reviews: ({ id }: Reference) => [{ id: `r${id}`, text: `about ${id}`, media: { id } }],
      rating: ({ id }: Reference) => Number(id) * 2,
    },
    Review: { __resolveReference: ({ id }: Reference) => ({ id, text: 'found', media: { id: id.slice(1) } }) },
  },
};

export const offers: TestSubgraph = {
  name: 'offers',
  sdl: `
    type Media @key(fields: "id") @interfaceObject {
      id: ID!
      title: String @external
      rating: Int @external
      offer: String @requires(fields: "title rating")
    }
  `,
  resolvers: {
    Media: {
      __resolveReference: (reference: object) => reference,
      offer: ({ title, rating }: { title: string; rating: number }) => `${title} (${rating})`,
    },
  },
};
