import type { FederationCase } from '../support/describe-feature.ts';

const summaries = [
  { summary: '{"size":3,"weight":"heavy"}' },
  { summary: '{"size":0.5,"weight":12}' },
  { summary: '{"size":[1,2]}' },
];

export const cases: readonly FederationCase[] = [
  {
    name: 'keys of one name and several types reach their subgraph',
    query: '{ feed { ... on Photo { likes } ... on Video { likes } ... on Note { likes } } }',
    data: { feed: [{ likes: 1 }, { likes: 7 }, { likes: 3 }] },
  },
  {
    name: 'a key that the client asks for keeps its name, beside another of another type',
    query: '{ feed { ... on Photo { id likes } ... on Video { number: id likes } ... on Note { text: id likes } } }',
    data: {
      feed: [
        { id: 'p', likes: 1 },
        { number: 7, likes: 7 },
        { text: 'n', likes: 3 },
      ],
    },
  },
  {
    name: 'required fields of one name and several types reach their subgraph',
    query: '{ feed { ... on Photo { summary } ... on Video { summary } ... on Note { summary } } }',
    data: { feed: summaries },
  },
  {
    name: 'they do through an interface, beside a field of the interface',
    query: '{ labelled { label ... on Photo { summary } ... on Video { summary } ... on Note { summary } } }',
    data: {
      labelled: [
        { label: 'photo', ...summaries[0] },
        { label: 'video', ...summaries[1] },
        { label: 'note', ...summaries[2] },
      ],
    },
  },
  {
    name: 'they do in lists of lists with nulls',
    query: '{ wall { rows { ... on Photo { summary } ... on Video { likes summary } ... on Note { likes } } } }',
    data: {
      wall: {
        rows: [
          [summaries[0], null],
          [{ likes: 7, ...summaries[1] }, { likes: 3 }],
        ],
      },
    },
  },
  {
    name: 'client aliases and the planner’s own stay apart',
    query: '{ feed { ... on Photo { id__alias_0: label likes } ... on Video { size__alias_0: label likes summary } } }',
    data: {
      feed: [{ id__alias_0: 'photo', likes: 1 }, { size__alias_0: 'video', likes: 7, ...summaries[1] }, {}],
    },
  },
  {
    name: 'errors keep the client’s path through a rewritten fetch',
    query: '{ feed { ... on Photo { bad: broken } ... on Video { broken summary } } }',
    data: { feed: [{ bad: null }, { broken: null, ...summaries[1] }, {}] },
    errors: [
      { path: ['feed', 0, 'bad'], message: 'no photo', code: 'INTERNAL_SERVER_ERROR' },
      { path: ['feed', 1, 'broken'], message: 'no video', code: 'INTERNAL_SERVER_ERROR' },
    ],
  },
];
