import type { TestSubgraph } from '../support/subgraph.ts';

/** Fields that take an argument from an object above them: from a parent, a grandparent, through lists, from several types. */

interface Reference {
  readonly id: string;
}

const echo = (_: unknown, received: object) => JSON.stringify(received);

const users = [
  { id: 'u1', locale: 'de', salary: { amount: 10 } },
  { id: 'u2', locale: 'fr', salary: { amount: 20 } },
  { id: 'u3', locale: null, salary: null },
];
const account = (id: string) => ({ id });

export const bank: TestSubgraph = {
  name: 'bank',
  sdl: `
    type Query { user(id: ID!): User users: [User]! company: Company owners: [Owner!]! }
    union Owner = User | Company
    type User @key(fields: "id") @context(name: "owner") @context(name: "user") {
      id: ID!
      locale: String @shareable
      salary: Salary
      account: Account!
      accounts: [[Account]]
    }
    type Salary { amount: Int! }
    type Company @key(fields: "id") @context(name: "owner") { id: ID! country: String account: CompanyAccount! boss: User }
    type Account @key(fields: "id") { id: ID! statement: Statement place: Place }
    type CompanyAccount { place: Place }
    type Statement @key(fields: "id") {
      id: ID!
      greeting(lang: String @fromContext(field: "$user { locale }"), polite: Boolean): String
      limit(amount: Int @fromContext(field: "$user { salary { amount } }")): String
    }
    type Place @key(fields: "id") {
      id: ID!
      name(of: String @fromContext(field: "$owner ... on User { locale } ... on Company { country }")): String
    }
  `,
  resolvers: {
    Query: {
      user: (_: unknown, { id }: Reference) => users.find((user) => user.id === id),
      users: () => [users[0], null, users[1], users[2]],
      company: () => ({ id: 'c', country: 'NL' }),
      owners: () => [
        { __typename: 'Company', id: 'c', country: 'NL' },
        { __typename: 'User', ...users[0] },
      ],
    },
    User: {
      __resolveReference: ({ id }: Reference) => users.find((user) => user.id === id),
      account: () => account('shared'),
      accounts: ({ id }: Reference) => [[account(`${id}-a`), null], null, [account('shared')]],
    },
    Company: {
      __resolveReference: ({ id }: Reference) => ({ id, country: 'NL' }),
      account: () => ({ place: { id: 'p' } }),
      boss: () => users[1],
    },
    Account: {
      __resolveReference: ({ id }: Reference) => ({ id }),
      statement: ({ id }: Reference) => ({ id: `s-${id}` }),
      place: () => ({ id: 'p' }),
    },
    Statement: { __resolveReference: ({ id }: Reference) => ({ id }), greeting: echo, limit: echo },
    Place: { __resolveReference: ({ id }: Reference) => ({ id }), name: echo },
  },
};

export const people: TestSubgraph = {
  name: 'people',
  sdl: `type Query { friends: [User!]! } type User @key(fields: "id") { id: ID! name: String locale: String @shareable }`,
  resolvers: {
    Query: { friends: () => [{ id: 'u2' }, { id: 'u1' }] },
    User: {
      __resolveReference: ({ id }: Reference) => ({ id }),
      name: ({ id }: Reference) => `name ${id}`,
      locale: ({ id }: Reference) => users.find((user) => user.id === id)?.locale,
    },
  },
};
