import type { FederationCase } from '../support/describe-feature.ts';

export const cases: readonly FederationCase[] = [
  {
    name: 'a provided field is taken from where it is provided',
    query: '{ named { author { name } } }',
    data: { named: [{ author: { name: 'Ada (copy)' } }, { author: { name: 'Grace (copy)' } }] },
    calls: { reviewing: 1, accounts: 0 },
  },
  {
    name: 'the same field is fetched from its owner where it is not provided',
    query: '{ plain { author { name } } }',
    data: { plain: [{ author: { name: 'Ada' } }, { author: { name: 'Grace' } }] },
    calls: { reviewing: 1, accounts: 1 },
  },
  {
    name: 'both paths of one operation keep their own',
    query: '{ plain { author { name } namedAuthor { name } } }',
    data: {
      plain: [
        { author: { name: 'Ada' }, namedAuthor: { name: 'Ada (copy)' } },
        { author: { name: 'Grace' }, namedAuthor: { name: 'Grace (copy)' } },
      ],
    },
  },
  {
    name: 'a field inside a provided object is provided, its neighbour is fetched',
    query: '{ located { author { profile { city age } } } }',
    data: {
      located: [
        { author: { profile: { city: 'London (copy)', age: 36 } } },
        { author: { profile: { city: 'New York (copy)', age: 85 } } },
      ],
    },
  },
  {
    name: 'a provided object alone asks nobody else',
    query: '{ located { author { id profile { city } } } }',
    data: {
      located: [
        { author: { id: '1', profile: { city: 'London (copy)' } } },
        { author: { id: '2', profile: { city: 'New York (copy)' } } },
      ],
    },
    calls: { accounts: 0 },
  },
  {
    name: 'a field is provided for one member of a union',
    query: '{ subjects { ... on User { name } ... on Place { title } } }',
    data: { subjects: [{ name: 'Ada (copy)' }, { title: 'Paris' }] },
    calls: { accounts: 0 },
  },
  {
    name: 'a way back to the providing subgraph and out again',
    query: '{ user(id: "1") { name reviews { text author { name } } } }',
    data: { user: { name: 'Ada', reviews: [{ text: 'good', author: { name: 'Ada' } }] } },
  },
];
