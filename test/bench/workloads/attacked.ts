import { hostileGraph } from '../../support/hostile-graph.ts';
import { SMALL_QUERY, soak } from './soak.ts';
import { GUARDED_LINK, LINK, type Workload, type WorkloadSubgraph } from './workload.ts';

/** Types of one interface. An operation on it can ask each of them for something else. */
export const THINGS = 200;
const times = (count: number, make: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => make(index));

/** Interfaces that all of them have, too. */
export const SIDES = 10;
const sides = times(SIDES, (side) => `Side${side}`);

const things: WorkloadSubgraph = {
  sdl: [
    `${LINK} type Query { things: [Thing] } interface Thing { id: ID! next: [Thing] }`,
    ...sides.map((side) => `interface ${side} { id: ID! next: [Thing] }`),
    ...times(
      THINGS,
      (index) => `type Thing${index} implements ${['Thing', ...sides].join(' & ')} { id: ID! next: [Thing] }`,
    ),
  ].join('\n'),
  resolvers: { Query: { things: () => [] } } as never,
};

/** A graph in which planning can take for ever. Its fields are never answered. */
const hostile = hostileGraph().map(({ name, sdl }) => [name, { sdl, resolvers: {} }] as const);

/** W1 and W2 in one graph, with what attackers look for: lists of any length, an interface of many types, a type that all subgraphs have. */
export const attacked: Workload = {
  ...soak,
  name: 'attacked',
  title: 'W2 beside those who mean harm',
  query: SMALL_QUERY,
  subgraphs: { ...soak.subgraphs, things, ...Object.fromEntries(hostile) },
  guarded: {
    customers: {
      sdl: `${GUARDED_LINK} type Query { customer: Customer } type Customer @key(fields: "id") { id: ID! name: String! email: String! @authenticated }`,
    },
    orders: {
      sdl: `${GUARDED_LINK} type Customer @key(fields: "id") { id: ID! orders: [Order!] @requiresScopes(scopes: [["orders:read"]]) } type Order @key(fields: "id") { id: ID! total: String! }`,
    },
    products: {
      sdl: `${GUARDED_LINK} type Query { topProducts(first: Int = 5): [Product] @listSize(slicingArguments: ["first"]) } type Product @key(fields: "upc") { upc: String! name: String @requiresScopes(scopes: [["catalogue:read"]]) price: Int weight: Int }`,
    },
  },
};
