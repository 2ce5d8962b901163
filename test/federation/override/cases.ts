import type { FederationCase } from '../support/describe-feature.ts';

export const cases: readonly FederationCase[] = [
  {
    name: 'an overridden field comes from its new subgraph',
    query: '{ bills { amount } }',
    data: { bills: [{ amount: 100 }, { amount: 200 }] },
    calls: { monolith: 1, billing: 1 },
  },
  {
    name: 'the fields beside it stay where they were',
    query: '{ bills { currency note } }',
    data: {
      bills: [
        { currency: 'monolith', note: 'note 1' },
        { currency: 'monolith', note: 'note 2' },
      ],
    },
    calls: { monolith: 1, billing: 0 },
  },
  {
    name: 'an overridden root field comes from its new subgraph, its parts from both',
    query: '{ latest { id amount paid note } }',
    data: { latest: { id: '9', amount: 900, paid: false, note: 'note 9' } },
    calls: { monolith: 1, billing: 1 },
  },
  {
    name: 'overriding from a subgraph that is not there changes nothing',
    query: '{ latest { gone } }',
    data: { latest: { gone: 0 } },
    calls: { monolith: 0, billing: 1 },
  },
];
