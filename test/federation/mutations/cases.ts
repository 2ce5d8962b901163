import type { FederationCase } from '../support/describe-feature.ts';

export const cases: readonly FederationCase[] = [
  {
    name: 'mutations of one subgraph are one request, in order',
    query: 'mutation { a: add(item: "a") slow b: add(item: "b") }',
    data: { a: '+a', slow: '+a slow', b: '+a slow +b' },
    calls: { carts: 1 },
  },
  {
    name: 'mutations of two subgraphs run in the client’s order',
    query: 'mutation { slow pay(amount: 5) { journal } add(item: "x") refund }',
    data: { slow: 'slow', pay: { journal: 'slow $5' }, add: 'slow $5 +x', refund: 'slow $5 +x refund' },
    calls: { carts: 2, payments: 2 },
  },
  {
    name: 'what a mutation answers is fetched before the next mutation runs',
    query: 'mutation { pay(amount: 1) { cart { items due } } add(item: "x") }',
    data: { pay: { cart: { items: 1, due: 'after $1' } }, add: '$1 +x' },
  },
  {
    name: 'an entity in the answer takes fields of another subgraph',
    query: 'mutation ($id: ID!) { addTo(id: $id) { cart { id due } } }',
    variables: { id: '7' },
    data: { addTo: { cart: { id: '7', due: 'after to7' } } },
  },
  {
    name: 'the query in a payload is answered by both subgraphs, after the mutation',
    query: 'mutation { addTo(id: "1") { query { cart { items } paid journal } journal } }',
    data: { addTo: { query: { cart: { items: 1 }, paid: 'to1', journal: 'to1' }, journal: 'to1' } },
  },
  {
    name: 'a failure stops none of the mutations after it, and keeps its extensions',
    query: 'mutation { fail pay(amount: 2) { amount } add(item: "y") }',
    data: { fail: null, pay: { amount: 2 }, add: 'fail $2 +y' },
    errors: [{ path: ['fail'], code: 'CART_FULL', message: 'the cart is full' }],
  },
  {
    name: 'a failure that may not be null empties the answer, and what ran has run',
    query: 'mutation { add(item: "z") strict }',
    data: null,
    errors: [{ path: ['strict'], code: 'NO' }],
  },
  {
    name: 'mutations under aliases, the same one several times in both subgraphs',
    query:
      'mutation { one: add(item: "1") two: pay(amount: 2) { journal } three: add(item: "3") four: pay(amount: 4) { journal } }',
    data: { one: '+1', two: { journal: '+1 $2' }, three: '+1 $2 +3', four: { journal: '+1 $2 +3 $4' } },
  },
  {
    name: 'mutations in fragments run in the order of their fields',
    query:
      'mutation ($yes: Boolean!) { ...Pay add(item: "b") ... @skip(if: $yes) { fail } } fragment Pay on Mutation { refund a: add(item: "a") }',
    variables: { yes: true },
    data: { refund: 'refund', a: 'refund +a', add: 'refund +a +b' },
  },
  {
    name: '__typename beside mutations',
    query: 'mutation { __typename add(item: "a") kind: __typename pay(amount: 1) { __typename } }',
    data: { __typename: 'Mutation', add: '+a', kind: 'Mutation', pay: { __typename: 'Payment' } },
  },
  {
    name: 'a mutation that does not validate runs nothing',
    query: 'mutation { add(item: "a") nothing }',
    data: undefined,
    errors: [{ code: 'GRAPHQL_VALIDATION_FAILED', message: 'nothing' }],
    calls: { carts: 0 },
  },
];
