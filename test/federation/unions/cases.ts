import type { FederationCase } from '../support/describe-feature.ts';

export const cases: readonly FederationCase[] = [
  {
    name: 'each member takes its fields from its own subgraph',
    query: '{ search { ... on User { name } ... on Page { url } ... on Hint { text } } }',
    data: {
      search: [{ name: 'Ada' }, { text: 'try again' }, null, { url: 'https://page/7' }, { name: 'Ada' }],
    },
    representations: { people: 1, pages: 1 },
  },
  {
    name: 'the same key has another type in each member and stays apart on the way',
    query:
      '{ search { ... on User { score label: name } ... on Page { points: score label: url } ... on Hint { label: text } } }',
    data: {
      search: [
        { score: 3, label: 'Ada' },
        { label: 'try again' },
        null,
        { points: 0.5, label: 'https://page/7' },
        { score: 3, label: 'Ada' },
      ],
    },
  },
  {
    name: 'the same key is nullable in one member and not in the other',
    query: '{ feed { ... on Page { title: name } ... on User { id title: name } } }',
    operationName: undefined,
    data: undefined,
    errors: [{ code: 'GRAPHQL_VALIDATION_FAILED', message: 'conflict because they return conflicting types' }],
  },
  {
    name: '__typename alone asks one subgraph and tells the member',
    query: '{ search { __typename } best { __typename } }',
    data: {
      search: [{ __typename: 'User' }, { __typename: 'Hint' }, null, { __typename: 'Page' }, { __typename: 'User' }],
      best: { __typename: 'Page' },
    },
    calls: { search: 1, people: 0, pages: 0 },
  },
  {
    name: 'a member that no fragment names is an empty object',
    query: '{ search { ... on Hint { text } } best { ... on User { name } } }',
    data: { search: [{}, { text: 'try again' }, null, {}, {}], best: {} },
    calls: { people: 0, pages: 0 },
  },
  {
    name: 'a union inside a member of a union',
    query: '{ search { ... on Hint { also { __typename ... on Page { url(secure: false) owner { name } } } } } }',
    data: {
      search: [{}, { also: { __typename: 'Page', url: 'http://page/7', owner: { name: 'Ada' } } }, null, {}, {}],
    },
  },
  {
    name: 'unions in lists of lists with nulls',
    query: '{ grid { ... on User { name friend { name } } ... on Hint { text } } }',
    data: { grid: [[{ name: 'Ada', friend: { name: 'Grace' } }, null], null, [], [{ text: 'end' }]] },
  },
  {
    name: 'a union whose members differ between subgraphs has all of them',
    query:
      '{ feed { __typename ... on User { name } ... on Post { text } } recent { __typename ... on Page { url } ... on User { score } ... on Post { by { name } } } }',
    data: {
      feed: [{ __typename: 'Page' }, { __typename: 'User', name: 'Grace' }],
      recent: [
        { __typename: 'Post', by: { name: 'Grace' } },
        { __typename: 'User', score: 3 },
      ],
    },
  },
  {
    name: 'a named fragment on the union spreads fragments on its members',
    query: `
      query { best { ...Result } search { ...Result } }
      fragment Result on Result { __typename ...Person ...Site }
      fragment Person on User { name }
      fragment Site on Page { url }
    `,
    data: {
      best: { __typename: 'Page', url: 'https://page/8' },
      search: [
        { __typename: 'User', name: 'Ada' },
        { __typename: 'Hint' },
        null,
        { __typename: 'Page', url: 'https://page/7' },
        { __typename: 'User', name: 'Ada' },
      ],
    },
  },
  {
    name: 'one field with different arguments in two members is validated',
    query: '{ feed { ... on Page { url(secure: false) other: url } } }',
    data: { feed: [{ url: 'http://page/7', other: 'https://page/7' }, {}] },
  },
];
