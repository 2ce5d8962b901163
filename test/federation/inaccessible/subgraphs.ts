import type { TestSubgraph } from '../support/subgraph.ts';

/** What subgraphs share among themselves and clients must not see: fields, types, values, arguments and keys. */

interface Reference {
  readonly id: string;
}

interface User {
  readonly internalId: number;
}

export const accounts: TestSubgraph = {
  name: 'accounts',
  sdl: `
    type Query { user: User users: [User!]! secret: String @inaccessible actors: [Actor] subject: Subject role: Role roles: [Role] }
    type User implements Actor @key(fields: "internalId") {
      internalId: Int! @inaccessible
      name: String
      rank: Int @inaccessible
      greet(polite: Boolean, secretly: Boolean @inaccessible): String
    }
    interface Actor { name: String }
    type Robot implements Actor @inaccessible { name: String model: String }
    union Subject = User | Robot
    enum Role { MEMBER ROOT @inaccessible }
    input Search @tag(name: "internal") { text: String hidden: String @inaccessible }
  `,
  resolvers: {
    Query: {
      user: () => ({ internalId: 7, name: 'Ada', rank: 3 }),
      users: () => [
        { internalId: 7, name: 'Ada', rank: 3 },
        { internalId: 8, name: 'Grace', rank: 4 },
      ],
      secret: () => 'secret',
      actors: () => [
        { __typename: 'User', internalId: 7, name: 'Ada' },
        { __typename: 'Robot', name: 'R2' },
      ],
      subject: () => ({ __typename: 'Robot', name: 'R2' }),
      role: () => 'ROOT',
      roles: () => ['MEMBER', 'ROOT'],
    },
    User: {
      __resolveReference: ({ internalId }: User) => ({ internalId, name: internalId === 7 ? 'Ada' : 'Grace' }),
      greet: ({ internalId }: User, received: object) => `${internalId} ${JSON.stringify(received)}`,
    },
  },
};

export const badges: TestSubgraph = {
  name: 'badges',
  sdl: `
    type Query { badge: Badge }
    type Badge @key(fields: "id") { id: ID! owner: User }
    type User @key(fields: "internalId") {
      internalId: Int! @inaccessible
      rank: Int @external
      badge: String @requires(fields: "rank")
    }
  `,
  resolvers: {
    Query: { badge: () => ({ id: 'b', owner: { internalId: 8 } }) },
    Badge: { __resolveReference: ({ id }: Reference) => ({ id }) },
    User: {
      __resolveReference: (reference: object) => reference,
      badge: ({ rank }: { rank: number }) => `rank ${rank}`,
    },
  },
};
