import { GraphQLError } from 'graphql';
import type { TestSubgraph } from '../support/subgraph.ts';

/** Fields that fail at every depth: nullable and not, in lists, in entities, at the root. */

interface Reference {
  readonly id: string;
}

function fail(message: string): never {
  throw new GraphQLError(message, {
    extensions: { code: 'TEAPOT', status: 418, nested: { reason: ['short', 'stout'] } },
  });
}

export const library: TestSubgraph = {
  name: 'library',
  sdl: `
    type Query {
      ok: String
      bad: String
      badStrict: String!
      books: [Book!]
      strictBooks: [Book!]!
      looseBooks: [Book]!
      book: Book
      readers: [Book]
      shelf: [[Book!]]
      wrongList: [Int!]
      nothing: Book!
      list: [String]
      strictList: [String!]
      plain: String
    }
    type Book @key(fields: "id") {
      id: ID!
      title: String
      broken: String
      brokenStrict: String!
      sometimes: String
      sometimesStrict: String!
      next: Book
      parts: [Part!]
    }
    type Part { name: String! fine: String }
  `,
  resolvers: {
    Query: {
      ok: () => 'ok',
      bad: () => fail('bad root'),
      badStrict: () => fail('bad strict root'),
      books: () => [{ id: '1' }, { id: '2' }, { id: '1' }],
      strictBooks: () => [{ id: '1' }, { id: '2' }],
      looseBooks: () => [{ id: '1' }, null, { id: '2' }, { id: '1' }],
      book: () => ({ id: '2' }),
      readers: () => [{ id: '1' }, { id: '404' }, { id: '2' }],
      shelf: () => [[{ id: '1' }], null, [{ id: '2' }, { id: '1' }]],
      wrongList: () => [1, null, 3],
      nothing: () => null,
      list: () => ['a', new GraphQLError('second item'), 'c'],
      strictList: () => ['a', new GraphQLError('second strict item'), 'c'],
      plain: () => {
        throw new Error('plain throw');
      },
    },
    Book: {
      __resolveReference: ({ id }: Reference) => ({ id }),
      title: ({ id }: Reference) => `book ${id}`,
      broken: () => fail('broken'),
      brokenStrict: () => fail('broken strict'),
      sometimes: ({ id }: Reference) => (id === '2' ? fail('sometimes') : 'fine'),
      sometimesStrict: ({ id }: Reference) => (id === '2' ? fail('sometimes strict') : 'fine'),
      next: ({ id }: Reference) => ({ id: id === '1' ? '2' : '1' }),
      parts: ({ id }: Reference) => [{ name: 'one', fine: 'yes' }, { name: id === '2' ? null : 'two' }],
    },
  },
};

export const reviews: TestSubgraph = {
  name: 'reviews',
  sdl: `
    type Query { alsoBad: String }
    type Book @key(fields: "id") {
      id: ID!
      rating: Int
      review: String
      reviewStrict: String!
      stars: [Int]
      best: Review
      title: String @external
      sometimes: String @external
      blurb: String @requires(fields: "title")
      careful: String @requires(fields: "sometimes")
    }
    type Review { text: String words: [Word!]! }
    type Word { text: String! }
  `,
  resolvers: {
    Query: { alsoBad: () => fail('also bad') },
    Book: {
      // Asynchronous, as one that asks a database: a synchronous throw fails all entities of the request.
      __resolveReference: async ({ id, ...known }: Reference) => {
        if (id === '404') fail('no such book');
        return { id, ...known };
      },
      rating: ({ id }: Reference) => Number(id),
      review: ({ id }: Reference) => (id === '2' ? fail('no review') : 'good'),
      reviewStrict: ({ id }: Reference) => (id === '2' ? fail('no strict review') : 'good'),
      stars: ({ id }: Reference) => (id === '2' ? [1, new GraphQLError('a star fell'), 3] : [5]),
      best: ({ id }: Reference) => ({
        text: 'best',
        words: id === '2' ? [{ text: 'a' }, { text: () => fail('no word') }] : [{ text: 'b' }],
      }),
      blurb: ({ title }: { title: string }) => `${title}!`,
      careful: ({ sometimes }: { sometimes: string | null }) => `careful: ${sometimes}`,
    },
  },
};
