import type { TestSubgraph } from '../support/subgraph.ts';

/** Media in the library, prices in the shop: an interface whose implementations are entities, and one whose are not. */

interface Reference {
  readonly id: string;
}

const media = [
  { __typename: 'Book', id: 'b1', title: 'Notes', pages: 100, author: { __typename: 'Person', name: 'Ada' } },
  {
    __typename: 'Film',
    id: 'f1',
    title: 'Engine',
    minutes: 90,
    author: { __typename: 'Studio', name: 'Works', city: 'Rome' },
  },
  { __typename: 'Book', id: 'b2', title: 'More Notes', pages: 50, author: null },
];

const find =
  (typename: string) =>
  ({ id }: Reference) =>
    media.find((medium) => medium.__typename === typename && medium.id === id);

export const library: TestSubgraph = {
  name: 'library',
  sdl: `
    type Query { media: [Media!]! medium(id: ID!): Media books: [Book!]! node(id: ID!): Node shelf: Shelf }
    interface Node { id: ID! }
    interface Media implements Node { id: ID! title(short: Boolean): String author: Author }
    type Book implements Media & Node @key(fields: "id") { id: ID! title(short: Boolean): String author: Author pages: Int }
    type Film implements Media & Node @key(fields: "id") { id: ID! title(short: Boolean): String author: Author minutes: Int }
    interface Author { name: String }
    type Person implements Author { name: String born: Int }
    type Studio implements Author { name: String city: String }
    type Shelf { front: Media! behind: [[Media]] }
  `,
  resolvers: {
    Query: {
      media: () => media,
      medium: (_: unknown, { id }: Reference) => media.find((medium) => medium.id === id),
      books: () => media.filter(({ __typename }) => __typename === 'Book'),
      node: (_: unknown, { id }: Reference) => media.find((medium) => medium.id === id),
      shelf: () => ({ front: media[1], behind: [[media[0], null], [media[1]]] }),
    },
    Book: {
      __resolveReference: find('Book'),
      title: ({ title }: { title: string }, { short }: { short?: boolean }) =>
        short === true ? title.slice(0, 2) : title,
    },
    Film: { __resolveReference: find('Film') },
    Person: { born: () => 1815 },
  },
};

export const shop: TestSubgraph = {
  name: 'shop',
  sdl: `
    type Query { offers: [Priced!]! cheapest: Priced }
    interface Priced { price: Int }
    type Book implements Priced @key(fields: "id") { id: ID! price: Int cover: String }
    type Film implements Priced @key(fields: "id") { id: ID! price: Int }
    type Voucher implements Priced { price: Int code: String }
  `,
  resolvers: {
    Query: {
      offers: () => [
        { __typename: 'Film', id: 'f1' },
        { __typename: 'Voucher', price: 5, code: 'X' },
        { __typename: 'Book', id: 'b2' },
      ],
      cheapest: () => ({ __typename: 'Voucher', price: 5, code: 'X' }),
    },
    Book: {
      __resolveReference: ({ id }: Reference) => ({ __typename: 'Book', id }),
      price: ({ id }: Reference) => (id === 'b1' ? 10 : 20),
      cover: () => 'soft',
    },
    Film: { __resolveReference: ({ id }: Reference) => ({ __typename: 'Film', id }), price: () => 15 },
  },
};
