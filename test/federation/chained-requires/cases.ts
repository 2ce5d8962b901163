import type { FederationCase } from '../support/describe-feature.ts';

const reason = 'its planner folds the step between into the first fetch, where what it requires is not there yet';

export const cases: readonly FederationCase[] = [
  {
    name: 'a field requires one of the subgraph that the entity came from, which itself requires something',
    query: '{ sample { summary } }',
    data: { sample: { summary: 'density 20' } },
    calls: { lab: 2, scale: 1, report: 1 },
    stock: { data: { sample: { summary: 'density -1' } }, reason },
  },
  {
    name: 'both require the same',
    query: '{ sample { verdict } }',
    data: { sample: { verdict: '20 of 10' } },
    stock: { data: { sample: { verdict: '-1 of 10' } }, reason },
  },
  {
    name: 'what is required is shown too, in a list',
    query: '{ samples { verdict density weight } }',
    data: {
      samples: [
        { verdict: '20 of 10', density: 20, weight: 10 },
        { verdict: '40 of 20', density: 40, weight: 20 },
      ],
    },
    stock: {
      data: {
        samples: [
          { verdict: '-1 of 10', density: 20, weight: 10 },
          { verdict: '-1 of 20', density: 40, weight: 20 },
        ],
      },
      reason,
    },
  },
  {
    name: 'a list of entities is required, by each step other parts of it',
    query: '{ samples { sizes } }',
    data: { samples: [{ sizes: '2: 97,98' }, { sizes: '1: 99' }] },
    stock: { data: { samples: [{ sizes: '-1: 97,98' }, { sizes: '-1: 99' }] }, reason },
  },
];
