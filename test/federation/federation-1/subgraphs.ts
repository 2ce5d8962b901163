import type { TestSubgraph } from '../support/subgraph.ts';

/** Schemas as they were written before `@link`: `extend type`, `@extends`, `@external` keys, value types by repetition. */

interface Reference {
  readonly id: string;
}

export const users: TestSubgraph = {
  name: 'users',
  isFederation1: true,
  sdl: `
    extend type Query { me: User }
    type User @key(fields: "id") @key(fields: "email") { id: ID! email: String name: String address: Address }
    type Address { city: String zip: String }
  `,
  resolvers: {
    Query: { me: () => ({ id: '1' }) },
    User: {
      __resolveReference: ({ id = '1' }: Partial<Reference>) => ({ id }),
      email: ({ id }: Reference) => `${id}@example.com`,
      name: ({ id }: Reference) => `user ${id}`,
      address: () => ({ city: 'London', zip: 'W1' }),
    },
  },
};

export const orders: TestSubgraph = {
  name: 'orders',
  isFederation1: true,
  sdl: `
    type Query { latest: Order }
    type Order @key(fields: "id") { id: ID! buyer: User @provides(fields: "email") to: Address }
    extend type User @key(fields: "id") {
      id: ID! @external
      email: String @external
      name: String @external
      orders: [Order]
      label: String @requires(fields: "name email")
    }
    type Address { city: String zip: String }
  `,
  resolvers: {
    Query: { latest: () => ({ id: 'o1' }) },
    Order: {
      __resolveReference: ({ id }: Reference) => ({ id }),
      buyer: () => ({ id: '2', email: 'provided@example.com' }),
      to: () => ({ city: 'Rome', zip: null }),
    },
    User: {
      __resolveReference: (reference: object) => reference,
      orders: ({ id }: Reference) => [{ id: `o${id}` }, null],
      label: ({ name, email }: Record<string, string>) => `${name} <${email}>`,
    },
  },
};

export const points: TestSubgraph = {
  name: 'points',
  sdl: `type User @key(fields: "email") { email: String points: Int }`,
  resolvers: {
    User: {
      __resolveReference: ({ email }: { email: string }) => ({ email }),
      points: ({ email }: { email: string }) => email.length,
    },
  },
};
