import type { FederationCase } from '../support/describe-feature.ts';

const stock = {
  errors: [{ message: 'We should have an edge from Media(ratings) for __typename' }],
  reason: 'its planner fails',
};

export const cases: readonly FederationCase[] = [
  {
    name: 'a fragment on another interface',
    query: '{ best { ... on Printed { pages } } }',
    data: { best: { pages: 100 } },
    stock,
  },
  {
    name: 'a named fragment on another interface, beside fields that both subgraphs have',
    query: '{ rated { stars title ...P } } fragment P on Printed { __typename pages ... on Media { stars } }',
    data: {
      rated: [
        { stars: 3, title: 'Engine' },
        { stars: 5, title: 'Notes', __typename: 'Book', pages: 100 },
      ],
    },
    stock,
  },
  {
    name: 'a fragment on a union',
    query: '{ best { ... on Item { ... on Book { pages } } } }',
    data: { best: { pages: 100 } },
  },
  {
    name: 'one key for one field with other arguments in each type',
    query: '{ rated { ... on Book { x: stars } ... on Film { x: stars(double: true) } } }',
    data: { rated: [{ x: 6 }, { x: 5 }] },
    stock: { data: { rated: [{ x: 6 }, { x: 10 }] }, reason: 'its planner asks for both types at once, in one way' },
  },
];
