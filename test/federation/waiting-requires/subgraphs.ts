import type { TestSubgraph } from '../support/subgraph.ts';

/**
 * Four subgraphs, each with other keys of a box: what a field requires has to wait for the key by which its subgraph is come to.
 * The shop knows a keeper only as an `@interfaceObject`: what a type of keeper has waits for the type.
 */

interface Box {
  readonly sku: string;
  readonly id: string;
  readonly row: number;
}

interface Robot {
  readonly id: string;
}

const boxes: readonly Box[] = [
  { sku: 'pen', id: '1', row: 7 },
  { sku: 'ink', id: '2', row: 8 },
];

const find = (reference: Partial<Box>) => {
  const found = boxes.find(({ sku, id, row }) => reference.sku === sku || reference.id === id || reference.row === row);
  return found === undefined ? null : { ...found, ...reference };
};

export const shop: TestSubgraph = {
  name: 'shop',
  sdl: `
    type Query { boxes: [Box!]! keeper: Keeper }
    type Box @key(fields: "sku") { sku: String! }
    type Keeper @interfaceObject @key(fields: "id") { id: ID! }
  `,
  resolvers: { Query: { boxes: () => boxes, keeper: () => ({ id: 'r2' }) }, Box: { __resolveReference: find } },
};

export const places: TestSubgraph = {
  name: 'places',
  sdl: `
    type Box @key(fields: "row") @key(fields: "id") { id: ID! row: Int! }
    interface Keeper @key(fields: "id") { id: ID! }
    type Robot implements Keeper @key(fields: "id") { id: ID! }
  `,
  resolvers: {
    Box: { __resolveReference: find },
    Keeper: { __resolveReference: ({ id }: Robot) => ({ __typename: 'Robot', id }) },
    Robot: { __resolveReference: ({ id }: Robot) => ({ id }) },
  },
};

export const shelves: TestSubgraph = {
  name: 'shelves',
  sdl: `
    type Box @key(fields: "row") {
      row: Int!
      weight: Int
      price: Int @external
      label: String @requires(fields: "price")
    }
    type Robot @key(fields: "id") { id: ID! model: String }
  `,
  resolvers: {
    Robot: { __resolveReference: ({ id }: Robot) => ({ id, model: `model ${id}` }) },
    Box: {
      __resolveReference: find,
      weight: ({ row }: Box) => row * 10,
      label: ({ price }: { price?: number }) => `costs ${price}`,
    },
  },
};

export const prices: TestSubgraph = {
  name: 'prices',
  sdl: `
    type Box @key(fields: "id") @key(fields: "sku") {
      id: ID!
      sku: String!
      weight: Int @external
      price: Int @requires(fields: "weight")
    }
  `,
  resolvers: {
    Box: { __resolveReference: find, price: ({ weight }: { weight?: number }) => (weight ?? -1) * 2 },
  },
};
