import type { FederationCase } from '../support/describe-feature.ts';

export const cases: readonly FederationCase[] = [
  {
    name: 'a field of another subgraph is fetched by the simple key',
    query: '{ product(id: "1") { name rating } }',
    data: { product: { name: 'Pen', rating: 1.5 } },
    calls: { catalogue: 1, reviews: 1, stock: 0 },
  },
  {
    name: 'a field is fetched by a composite key that the client did not ask for',
    query: '{ product(id: "3") { inStock } }',
    data: { product: { inStock: 7 } },
    calls: { catalogue: 1, stock: 1 },
  },
  {
    name: 'a subgraph that knows one key is reached through one that knows both',
    query: '{ lowest { rating inStock } }',
    data: { lowest: { rating: 2.5, inStock: 9 } },
    calls: { stock: 1, catalogue: 1, reviews: 1 },
  },
  {
    name: 'equal representations are sent once and each answer goes to all its places',
    query: '{ shelves { number product { name rating } } }',
    data: {
      shelves: [
        { number: 1, product: { name: 'Pen', rating: 1.5 } },
        { number: 2, product: { name: 'Pens', rating: 3.5 } },
        { number: 3, product: { name: 'Pen', rating: 1.5 } },
        { number: 4, product: null },
      ],
    },
    representations: { catalogue: 2, reviews: 2 },
  },
  {
    name: 'a key that is an object finds its entity',
    query: '{ product(id: "2") { reviewer { email account { region { code } } } } }',
    data: { product: { reviewer: { email: 'grace@example.com', account: { region: { code: 'us' } } } } },
  },
  {
    name: 'a reference by a key that is not resolvable is resolved elsewhere',
    query: '{ memberships { user { email } } }',
    data: { memberships: [{ user: { email: 'ada@example.com' } }, { user: { email: 'grace@example.com' } }] },
  },
  {
    name: 'a key made of two other entities finds its entity',
    query: '{ memberships { since product { name } } }',
    data: {
      memberships: [
        { since: 2003, product: { name: 'Pen' } },
        { since: 2004, product: { name: 'Ink' } },
      ],
    },
  },
  {
    name: 'an entity that another subgraph does not know costs that subgraph’s fields',
    query: '{ unknownProduct { name rating inStock } }',
    data: { unknownProduct: { name: 'Ghost', rating: null, inStock: null } },
  },
  {
    name: 'key fields are not shown to a client that did not ask for them',
    query: '{ products { rating } }',
    data: { products: [{ rating: 1.5 }, { rating: 2.5 }, { rating: 3.5 }] },
    representations: { reviews: 3 },
  },
  {
    name: 'an entity that is not there asks nobody',
    query: '{ product(id: "9") { name rating inStock } }',
    data: { product: null },
    calls: { catalogue: 1, reviews: 0, stock: 0 },
  },
  {
    name: 'the same entity at two places of the answer is resolved for both',
    query: '{ first: product(id: "1") { rating } again: product(id: "1") { rating inStock } }',
    data: { first: { rating: 1.5 }, again: { rating: 1.5, inStock: 9 } },
  },
  {
    name: 'a key under an alias still serves as a key',
    query: '{ product(id: "1") { identity: id rating } }',
    data: { product: { identity: '1', rating: 1.5 } },
  },
  {
    name: 'another field under the name of a key is what the client sees',
    query: '{ product(id: "1") { id: name rating } }',
    data: { product: { id: 'Pen', rating: 1.5 } },
    stock: {
      data: { product: { id: '1', rating: 1.5 } },
      reason: 'its planner lets the key take the place of the alias',
    },
  },
  {
    name: 'an object of a key under two aliases, each with arguments of its own below it',
    query: '{ memberships { quiet: product { x: label(loud: false) } loud: product { x: label(loud: true) } } }',
    data: {
      memberships: [
        { quiet: { x: 'Pen' }, loud: { x: 'PEN' } },
        { quiet: { x: 'Ink' }, loud: { x: 'INK' } },
      ],
    },
  },
];
