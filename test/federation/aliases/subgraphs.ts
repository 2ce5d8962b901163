import type { TestSubgraph } from '../support/subgraph.ts';

/** Two subgraphs whose fields a client gives each other's names, and types whose fields have one name and several shapes. */

interface Reference {
  readonly id: string;
}

export const shapes: TestSubgraph = {
  name: 'shapes',
  sdl: `
    type Query { shapes: [Shape!]! circle(size: Int): Circle things: [Thing!]! scale(by: Int): Int }
    interface Shape { id: ID! }
    type Circle implements Shape @key(fields: "id") { id: ID! size(unit: String): Float extent: String kind: Int detail: Detail }
    type Square implements Shape @key(fields: "id") { id: ID! size: Int extent: [Int!] kind: String detail: [Detail!] }
    type Detail { text: String number: Int }
    union Thing = Circle | Square
  `,
  resolvers: {
    Query: {
      shapes: () => [
        { __typename: 'Circle', id: 'c' },
        { __typename: 'Square', id: 's' },
      ],
      things: () => [
        { __typename: 'Square', id: 's' },
        { __typename: 'Circle', id: 'c' },
      ],
      circle: () => ({ id: 'c' }),
      scale: (_: unknown, { by }: { by?: number }) => (by ?? 1) * 2,
    },
    Circle: {
      __resolveReference: ({ id }: Reference) => ({ id }),
      size: (_: unknown, { unit }: { unit?: string }) => (unit === 'mm' ? 1500.5 : 1.5),
      extent: () => 'round',
      kind: () => 1,
      detail: () => ({ text: 'one', number: 1 }),
    },
    Square: {
      __resolveReference: ({ id }: Reference) => ({ id }),
      size: () => 2,
      extent: () => [3, 4],
      kind: () => 'square',
      detail: () => [{ text: 'two', number: 2 }],
    },
  },
};

export const paint: TestSubgraph = {
  name: 'paint',
  sdl: `
    type Query { paints: [String!]! }
    type Circle @key(fields: "id") { id: ID! colour: String coats(of: String): Int layer: Layer }
    type Square @key(fields: "id") { id: ID! colour: String coats(of: String): Int layer: Layer }
    type Layer { gloss: Int }
  `,
  resolvers: {
    Query: { paints: () => ['red', 'blue'] },
    Circle: {
      __resolveReference: ({ id }: Reference) => ({ id }),
      colour: () => 'red',
      coats: (_: unknown, { of }: { of?: string }) => (of === 'lacquer' ? 9 : 1),
      layer: () => ({ gloss: 5 }),
    },
    Square: {
      __resolveReference: ({ id }: Reference) => ({ id }),
      colour: () => 'blue',
      coats: (_: unknown, { of }: { of?: string }) => (of === 'lacquer' ? 8 : 2),
      layer: () => ({ gloss: 6 }),
    },
  },
};
