import type { TestSubgraph } from '../support/subgraph.ts';

/** A search whose results are entities of several subgraphs, and one that is a plain value; a union both subgraphs build. */

interface Reference {
  readonly id: string;
}

const reference = { __resolveReference: ({ id }: Reference) => ({ id }) };

export const search: TestSubgraph = {
  name: 'search',
  sdl: `
    type Query { search(text: String): [Result] best: Result grid: [[Result]] feed: [Entry!]! }
    union Result = User | Page | Hint
    union Entry = User | Page
    type User @key(fields: "id") { id: ID! score: Int }
    type Page @key(fields: "id") { id: ID! score: Float }
    type Hint { text: String also: Result }
  `,
  resolvers: {
    Query: {
      search: () => [
        { __typename: 'User', id: '1' },
        { __typename: 'Hint', text: 'try again', also: { __typename: 'Page', id: '7' } },
        null,
        { __typename: 'Page', id: '7' },
        { __typename: 'User', id: '1' },
      ],
      best: () => ({ __typename: 'Page', id: '8' }),
      grid: () => [[{ __typename: 'User', id: '1' }, null], null, [], [{ __typename: 'Hint', text: 'end' }]],
      feed: () => [
        { __typename: 'Page', id: '7' },
        { __typename: 'User', id: '2' },
      ],
    },
    User: { ...reference, score: () => 3 },
    Page: { ...reference, score: () => 0.5 },
  },
};

export const people: TestSubgraph = {
  name: 'people',
  sdl: `
    type Query { recent: [Entry!]! }
    union Entry = User | Post
    type User @key(fields: "id") { id: ID! name: String friend: User }
    type Post @key(fields: "id") { id: ID! text: String by: User }
  `,
  resolvers: {
    Query: {
      recent: () => [
        { __typename: 'Post', id: 'p', by: { id: '2' } },
        { __typename: 'User', id: '1' },
      ],
    },
    User: {
      ...reference,
      name: ({ id }: Reference) => ['', 'Ada', 'Grace'][Number(id)],
      friend: ({ id }: Reference) => (id === '1' ? { id: '2' } : null),
    },
    Post: { ...reference, text: () => 'hello' },
  },
};

export const pages: TestSubgraph = {
  name: 'pages',
  sdl: `type Page @key(fields: "id") { id: ID! name: String! url(secure: Boolean! = true): String owner: User }
        type User @key(fields: "id", resolvable: false) { id: ID! }`,
  resolvers: {
    Page: {
      ...reference,
      name: ({ id }: Reference) => `Page ${id}`,
      url: ({ id }: Reference, { secure }: { secure: boolean }) => `${secure ? 'https' : 'http'}://page/${id}`,
      owner: ({ id }: Reference) => ({ id: id === '7' ? '1' : '2' }),
    },
  },
};
