import type { FederationCase } from '../support/describe-feature.ts';

export const cases: readonly FederationCase[] = [
  {
    name: 'an extended type takes its fields from both',
    query: '{ me { name orders { id } } }',
    data: { me: { name: 'user 1', orders: [{ id: 'o1' }, null] } },
  },
  {
    name: 'external fields are required',
    query: '{ me { label } }',
    data: { me: { label: 'user 1 <1@example.com>' } },
  },
  {
    name: 'external fields are provided',
    query: '{ latest { buyer { id email } } }',
    data: { latest: { buyer: { id: '2', email: 'provided@example.com' } } },
    calls: { orders: 1, users: 0 },
  },
  {
    name: 'a value type is the same in both',
    query: '{ me { address { city zip } } latest { to { city zip } } }',
    data: { me: { address: { city: 'London', zip: 'W1' } }, latest: { to: { city: 'Rome', zip: null } } },
  },
  {
    name: 'a subgraph of Federation 2 beside them is reached by the second key',
    query: '{ me { points } latest { buyer { points name } } }',
    data: { me: { points: 13 }, latest: { buyer: { points: 20, name: 'user 2' } } },
  },
];
