import type { TestSubgraph } from '../support/subgraph.ts';

/** Two subgraphs that answer with what they were given, so that a case sees exactly which variables arrived, and how. */

interface Reference {
  readonly id: string;
}

/** What arrived, as JSON: an absent argument is not in it, a null one is null. */
const echo = (_: unknown, received: object) => JSON.stringify(received);

const INPUTS = `
  enum Order { ASC DESC }
  input Range { from: Int = 1 to: Int }
  input Filter { text: String tags: [String!] ranges: [[Range!]] order: Order = ASC nested: Filter not: [Filter] }
`;

export const first: TestSubgraph = {
  name: 'first',
  sdl: `
    ${INPUTS}
    type Query {
      echo(text: String, number: Int, decimal: Float, flag: Boolean, id: ID, order: Order, filter: Filter): String
      lists(numbers: [Int], needed: [Int!]!, nested: [[String]]): String
      defaults(text: String = "default", order: Order! = DESC, filter: Filter = { text: "inner" }): String
      item(id: ID! = "1"): Item
      items(ids: [ID!]!): [Item]!
    }
    type Item @key(fields: "id") { id: ID! first(filter: Filter): String }
  `,
  resolvers: {
    Query: {
      echo,
      lists: echo,
      defaults: echo,
      item: (_: unknown, { id }: Reference) => ({ id }),
      items: (_: unknown, { ids }: { ids: string[] }) => ids.map((id) => ({ id })),
    },
    Item: { __resolveReference: ({ id }: Reference) => ({ id }), first: echo },
  },
};

export const second: TestSubgraph = {
  name: 'second',
  sdl: `
    ${INPUTS}
    type Query { second(text: String, order: Order): String }
    type Item @key(fields: "id") {
      id: ID!
      second(text: String, numbers: [Int!], filter: Filter, order: Order = ASC, flag: Boolean! = false): String
      child(id: ID!): Item
    }
  `,
  resolvers: {
    Query: { second: echo },
    Item: {
      __resolveReference: ({ id }: Reference) => ({ id }),
      second: echo,
      child: (_: unknown, { id }: Reference) => ({ id }),
    },
  },
};
