import type { FederationCase } from '../support/describe-feature.ts';

const reason = 'its planner asks for the route before the class is there';

export const cases: readonly FederationCase[] = [
  {
    name: 'two chains of requirements through four subgraphs',
    query: '{ parcel { route note } }',
    data: { parcel: { route: '5 by class 5', note: '10 for tag 10' } },
    stock: { data: { parcel: { route: '5 by class undefined', note: '10 for tag 10' } }, reason },
  },
  {
    name: 'beside other fields',
    query:
      'query ($yes: Boolean!) { parcel { id ...F @include(if: $yes) again: note } } fragment F on Parcel { route note class }',
    variables: { yes: true },
    data: {
      parcel: { id: '1', route: '5 by class 5', note: '10 for tag 10', class: 'class 5', again: '10 for tag 10' },
    },
    stock: {
      data: {
        parcel: {
          id: '1',
          route: '5 by class undefined',
          note: '10 for tag 10',
          class: 'class 5',
          again: '10 for tag 10',
        },
      },
      reason,
    },
  },
];
