import type { FederationCase } from '../support/describe-feature.ts';

/** On a gateway whose configuration decides no label. */

const STOCK_KNOWS_NO_LABELS = 'it has nothing that decides labels: all are off';

export const cases: readonly FederationCase[] = [
  {
    name: 'a label of no percent leaves a field where it was',
    query: '{ bills { none } }',
    data: { bills: [{ none: 'monolith' }, { none: 'monolith' }] },
    calls: { monolith: 1, billing: 0 },
  },
  {
    name: 'a label of all percent moves a field',
    query: '{ bills { all note } }',
    data: {
      bills: [
        { all: 'billing', note: 'monolith' },
        { all: 'billing', note: 'monolith' },
      ],
    },
    calls: { monolith: 1, billing: 1 },
    stock: {
      data: {
        bills: [
          { all: 'monolith', note: 'monolith' },
          { all: 'monolith', note: 'monolith' },
        ],
      },
      reason: STOCK_KNOWS_NO_LABELS,
    },
  },
  {
    name: 'what is below a field that moves moves with it',
    query: '{ bills { lines { text } } }',
    data: { bills: [{ lines: [{ text: 'billing' }] }, { lines: [{ text: 'billing' }] }] },
    stock: {
      data: { bills: [{ lines: [{ text: 'monolith' }] }, { lines: [{ text: 'monolith' }] }] },
      reason: STOCK_KNOWS_NO_LABELS,
    },
  },
  {
    name: 'a label that is not configured is off, also for root fields',
    query: '{ root bills { flagged other ... on Named { name } } }',
    data: {
      root: 'monolith',
      bills: [
        { flagged: 'monolith', other: 'monolith', name: 'monolith' },
        { flagged: 'monolith', other: 'monolith', name: 'monolith' },
      ],
    },
    calls: { monolith: 1, billing: 0 },
  },
];
