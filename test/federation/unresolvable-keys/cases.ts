import type { FederationCase } from '../support/describe-feature.ts';

export const cases: readonly FederationCase[] = [
  {
    name: 'a subgraph is come back to by a key that it resolves',
    query: '{ heaviest { cost } }',
    data: { heaviest: { cost: 40 } },
    calls: { shipping: 2, catalogue: 1 },
    stock: {
      data: { heaviest: { cost: null } },
      reason: 'its planner takes the first key that is declared, which the subgraph does not resolve',
    },
  },
  {
    name: 'each item of a list is come back to by a key that is resolved',
    query: '{ shipped { sku cost parcel } }',
    data: {
      shipped: [
        { sku: 'pen', cost: 20, parcel: 'parcel 1' },
        { sku: 'ink', cost: 40, parcel: 'parcel 2' },
      ],
    },
    stock: {
      data: {
        shipped: [
          { sku: 'pen', cost: null, parcel: 'parcel 1' },
          { sku: 'ink', cost: null, parcel: 'parcel 2' },
        ],
      },
      reason: 'its planner takes the first key that is declared, which the subgraph does not resolve',
    },
  },
  {
    name: 'a subgraph that is come to for the first time is so by a key that it resolves',
    query: '{ products { cost parcel } }',
    data: {
      products: [
        { cost: 20, parcel: 'parcel 1' },
        { cost: 40, parcel: 'parcel 2' },
      ],
    },
    calls: { catalogue: 1, shipping: 1 },
  },
];
