import type { TestSubgraph } from '../support/subgraph.ts';

/** Reviews can tell a user's name itself on some paths, and must ask the users on others. */

const users = [
  { id: '1', name: 'Ada', profile: { city: 'London', age: 36 } },
  { id: '2', name: 'Grace', profile: { city: 'New York', age: 85 } },
];

interface Reference {
  readonly id: string;
}

export const accounts: TestSubgraph = {
  name: 'accounts',
  sdl: `
    type Query { user(id: ID!): User }
    type User @key(fields: "id") { id: ID! name: String @shareable profile: Profile @shareable }
    type Profile { city: String @shareable age: Int }
  `,
  resolvers: {
    Query: { user: (_: unknown, { id }: Reference) => users.find((user) => user.id === id) },
    User: { __resolveReference: ({ id }: Reference) => users.find((user) => user.id === id) },
  },
};

const copies = users.map(({ id, name, profile }) => ({
  id,
  name: `${name} (copy)`,
  profile: { city: `${profile.city} (copy)` },
}));

const reviews = [
  { id: 'r1', text: 'good', author: copies[0] },
  { id: 'r2', text: 'bad', author: copies[1] },
];

export const reviewing: TestSubgraph = {
  name: 'reviewing',
  sdl: `
    type Query {
      plain: [Review!]!
      named: [Review!]! @provides(fields: "author { name }")
      located: [Review!]! @provides(fields: "author { profile { city } }")
      subjects: [Subject!]! @provides(fields: "... on User { name }")
    }
    type Review @key(fields: "id") { id: ID! text: String author: User namedAuthor: User @provides(fields: "name") }
    type User @key(fields: "id") { id: ID! name: String @external profile: Profile @external reviews: [Review!]! }
    type Profile { city: String @external }
    type Place { title: String }
    union Subject = User | Place
  `,
  resolvers: {
    Query: {
      plain: () => reviews,
      named: () => reviews,
      located: () => reviews,
      subjects: () => [
        { __typename: 'User', ...copies[0] },
        { __typename: 'Place', title: 'Paris' },
      ],
    },
    Review: {
      __resolveReference: ({ id }: Reference) => reviews.find((review) => review.id === id),
      namedAuthor: ({ author }: (typeof reviews)[number]) => author,
    },
    User: {
      __resolveReference: ({ id }: Reference) => ({ id }),
      reviews: ({ id }: Reference) => reviews.filter(({ author }) => author?.id === id),
    },
  },
};
