import type { FederationCase } from '../support/describe-feature.ts';

export const cases: readonly FederationCase[] = [
  {
    name: 'a field with a cost, of two subgraphs',
    query: '{ product(id: "1") { price offers(colour: RED) } }',
    data: { product: { price: 9.5, offers: ['offer 1 RED'] } },
  },
  {
    name: 'lists with a size, by default and by an argument',
    query:
      'query ($first: Int!) { products { id } more: products(first: $first) { id offers } page(first: 1) { items { id } } }',
    variables: { first: 1 },
    data: {
      products: [{ id: '0' }, { id: '1' }],
      more: [{ id: '0', offers: ['offer 0 any'] }],
      page: { items: [{ id: '5' }] },
    },
  },
  {
    name: 'an override behind a label that nobody has switched on leaves the field where it was',
    query: '{ product(id: "1") { name } }',
    data: { product: { name: 'product 1' } },
    calls: { catalogue: 1, shop: 0 },
  },
  {
    name: 'clients see none of the directives',
    query: '{ __schema { directives { name } } }',
    data: {
      __schema: { directives: ['include', 'skip', 'deprecated', 'specifiedBy', 'oneOf'].map((name) => ({ name })) },
    },
  },
];
