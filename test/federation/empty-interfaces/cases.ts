import type { FederationCase } from '../support/describe-feature.ts';

export const cases: readonly FederationCase[] = [
  {
    name: 'a field that another subgraph has is asked for where the object comes from: a null',
    query: '{ none { title } }',
    data: { none: null },
    calls: { shop: 1 },
  },
  {
    name: 'a list of it is the list that the subgraph has',
    query: '{ nones { title } }',
    data: { nones: [] },
    calls: { shop: 1 },
    stock: {
      data: null,
      reason: 'it asks nobody, finds null where none may be, and says nothing',
    },
  },
  {
    name: 'an object that can have no type is an error of the subgraph',
    query: '{ broken { title } }',
    data: { broken: null },
    errors: [{ path: ['broken'], message: 'Abstract type "Node" must resolve to an Object type' }],
    stock: { data: { broken: null }, reason: 'it asks nobody' },
  },
  {
    name: 'below another object, in a fragment, under aliases, beside a __typename',
    query: '{ shelf { code n: node { __typename title } l: nodes { ...F } } } fragment F on Node { _typename: title }',
    data: { shelf: { code: 'A', n: null, l: [] } },
    stock: {
      data: { shelf: null },
      reason: 'it leaves both fields out of the plan',
    },
  },
  {
    name: 'an interface whose types are all in another subgraph',
    query: '{ lost { title } losts { title } media { title } }',
    data: { lost: null, losts: [null], media: { title: 'Notes' } },
    stock: {
      data: null,
      reason: 'it asks only for what has a type in the subgraph',
    },
  },
  {
    name: 'a fragment on a type that is elsewhere',
    query: '{ losts { ... on Book { title } } }',
    data: { losts: [null] },
  },
  {
    name: 'what the subgraph has itself of the interface',
    query: '{ nones { id } lost { id } }',
    data: { nones: [], lost: null },
  },
];
