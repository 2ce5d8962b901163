import type { FederationCase } from '../support/describe-feature.ts';

const reason = 'its planner asks for the label before the price is there';

export const cases: readonly FederationCase[] = [
  {
    name: 'a field waits for one that waits for another of its own subgraph',
    query: '{ boxes { label } }',
    data: { boxes: [{ label: 'costs 140' }, { label: 'costs 160' }] },
    stock: { data: { boxes: [{ label: null }, { label: null }] }, reason },
  },
  {
    name: 'all that is waited for is shown too',
    query: '{ boxes { sku id row weight price label } }',
    data: {
      boxes: [
        { sku: 'pen', id: '1', row: 7, weight: 70, price: 140, label: 'costs 140' },
        { sku: 'ink', id: '2', row: 8, weight: 80, price: 160, label: 'costs 160' },
      ],
    },
    stock: {
      data: {
        boxes: [
          { sku: 'pen', id: '1', row: 7, weight: null, price: null, label: null },
          { sku: 'ink', id: '2', row: 8, weight: null, price: null, label: null },
        ],
      },
      reason,
    },
  },
  {
    name: 'a field of a type waits for the type of an @interfaceObject, beside fields that are put in order',
    query: '{ boxes { label } keeper { ... on Robot { model } } }',
    data: { boxes: [{ label: 'costs 140' }, { label: 'costs 160' }], keeper: { model: 'model r2' } },
    stock: { data: { boxes: [{ label: null }, { label: null }], keeper: { model: 'model r2' } }, reason },
  },
];
