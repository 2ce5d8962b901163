import type { TestSubgraph } from '../support/subgraph.ts';

/** Value types that two subgraphs both have, root fields that both answer, and an `@override` between them. */

interface Reference {
  readonly id: string;
}

export const left: TestSubgraph = {
  name: 'left',
  sdl: `
    type Query {
      now: Moment! @shareable
      leftOnly: Int
      common: Common @shareable
      item(id: ID!): Item
    }
    type Moment @shareable { seconds: Int! zone: Zone }
    type Zone @shareable { name: String! }
    type Common @shareable { both: String! }
    type Item @key(fields: "id") { id: ID! title: String @shareable moment: Moment @shareable left: Int }
    input Window @tag(name: "shared") { from: Int = 1 to: Int }
  `,
  resolvers: {
    Query: {
      now: () => ({ seconds: 1, zone: { name: 'UTC' } }),
      leftOnly: () => 1,
      common: () => ({ both: 'both' }),
      item: (_: unknown, { id }: Reference) => ({ id }),
    },
    Item: {
      __resolveReference: ({ id }: Reference) => ({ id }),
      title: ({ id }: Reference) => `title ${id}`,
      moment: () => ({ seconds: 2, zone: null }),
      left: ({ id }: Reference) => -Number(id),
    },
  },
};

export const right: TestSubgraph = {
  name: 'right',
  sdl: `
    type Query {
      now: Moment! @shareable
      rightOnly: Moment
      rightItems: [Item!]!
      common: Common @shareable
    }
    type Moment @shareable { seconds: Int! zone: Zone }
    type Zone @shareable { name: String! }
    type Common { both: String! @shareable rightPart: Int }
    type Item @key(fields: "id") { id: ID! title: String @shareable moment: Moment @shareable right: Int }
  `,
  resolvers: {
    Query: {
      now: () => ({ seconds: 1, zone: { name: 'UTC' } }),
      rightOnly: () => ({ seconds: 3, zone: null }),
      rightItems: () => [{ id: '1' }, { id: '2' }],
      common: () => ({ both: 'both', rightPart: 7 }),
    },
    Item: {
      __resolveReference: ({ id }: Reference) => ({ id }),
      title: ({ id }: Reference) => `title ${id}`,
      moment: () => ({ seconds: 2, zone: null }),
      right: ({ id }: Reference) => Number(id),
    },
  },
};
