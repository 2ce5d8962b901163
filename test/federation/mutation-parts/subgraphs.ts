import type { TestSubgraph } from '../support/subgraph.ts';

/**
 * Robots are assembled by a mutation of the factory. What the shop and the lab compute of them goes through all three
 * subgraphs, by two chains for which the planner has a plan each, and none together.
 */

interface Reference {
  readonly id: string;
}

/** How many robots were assembled: the lab weighs a robot by it, so that it can tell when it was asked. */
let assembled = 0;

const assemble = () => {
  assembled += 1;
  return { ...robotOf({ id: '7' }), number: assembled };
};

const robotOf = (reference: Partial<Reference & { sku: string }>) => {
  const id = reference.id ?? reference.sku?.slice(1) ?? '';
  return { ...reference, id, sku: `s${id}` };
};
const keep = (reference: object) => reference;

export const factory: TestSubgraph = {
  name: 'factory',
  sdl: `
    type Mutation { assemble: Robot! }
    type Motor @key(fields: "id") {
      id: ID!
      name: String
      power: Int @external
      grade: String @requires(fields: "power")
      warranty: String @external
    }
    type Robot @key(fields: "id") @key(fields: "sku") {
      id: ID!
      sku: String!
      number: Int
      motor: Motor @external
      class: String @requires(fields: "motor { warranty }")
    }
  `,
  resolvers: {
    Mutation: { assemble },
    Motor: {
      __resolveReference: keep,
      name: ({ id }: Reference) => `motor ${id}`,
      grade: ({ power }: { power?: number }) => `grade ${power}`,
    },
    Robot: {
      __resolveReference: robotOf,
      class: ({ motor }: { motor?: { warranty?: string } }) => `class of ${motor?.warranty}`,
    },
  },
  reset: () => {
    assembled = 0;
  },
};

export const lab: TestSubgraph = {
  name: 'lab',
  sdl: `
    type Query { motors: Int }
    type Motor @key(fields: "id") {
      id: ID!
      name: String @external
      power: Int
      grade: String @external
      warranty: String @requires(fields: "grade")
      noise: Int @external
    }
    type Robot @key(fields: "id") @key(fields: "sku", resolvable: false) {
      id: ID!
      sku: String!
      motor: Motor @external
      weight: Int
      label: String @requires(fields: "motor { name noise }")
    }
  `,
  resolvers: {
    Query: { motors: () => 1 },
    Motor: {
      __resolveReference: keep,
      power: ({ id }: Reference) => Number(id),
      warranty: ({ grade }: { grade?: string }) => `warranty of ${grade}`,
    },
    Robot: {
      __resolveReference: robotOf,
      weight: () => assembled * 10,
      label: ({ motor }: { motor?: { name?: string; noise?: number } }) => `${motor?.name}, noise ${motor?.noise}`,
    },
  },
};

export const shop: TestSubgraph = {
  name: 'shop',
  sdl: `
    type Mutation { order: Robot! }
    type Motor @key(fields: "id") {
      id: ID!
      power: Int @external
      noise: Int @requires(fields: "power")
    }
    type Robot @key(fields: "sku") @key(fields: "id") {
      id: ID!
      sku: String!
      motor: Motor
      weight: Int @external
      class: String @external
      price: String @requires(fields: "weight class")
    }
  `,
  resolvers: {
    Mutation: { order: assemble },
    Motor: { __resolveReference: keep, noise: ({ power }: { power?: number }) => (power ?? -1) * 2 },
    Robot: {
      __resolveReference: robotOf,
      motor: ({ id }: Reference) => ({ id }),
      price: (robot: { weight?: number; class?: string }) => `${robot.weight} of ${robot.class}`,
    },
  },
};
