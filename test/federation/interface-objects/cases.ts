import type { FederationCase } from '../support/describe-feature.ts';

export const cases: readonly FederationCase[] = [
  {
    name: 'a field added to an interface is there for its implementations',
    query: '{ media { title rating } }',
    data: {
      media: [
        { title: 'Notes', rating: 2 },
        { title: 'Engine', rating: 4 },
      ],
    },
    calls: { products: 1, reviews: 1 },
  },
  {
    name: 'it is there for one implementation by name',
    query: '{ book(id: "1") { pages rating reviews { text } } media { ... on Film { rating } } }',
    data: {
      book: { pages: 100, rating: 2, reviews: [{ text: 'about 1' }] },
      media: [{}, { rating: 4 }],
    },
  },
  {
    name: 'a subgraph that knows only the interface learns nothing of the implementations it does not need',
    query: '{ topRated { id rating } }',
    data: {
      topRated: [
        { id: '2', rating: 4 },
        { id: '1', rating: 2 },
        { id: '2', rating: 4 },
      ],
    },
    calls: { reviews: 1, products: 0 },
  },
  {
    name: 'a field of the interface is fetched from where the kinds are known',
    query: '{ topRated { title } }',
    data: { topRated: [{ title: 'Engine' }, { title: 'Notes' }, { title: 'Engine' }] },
    representations: { products: 2 },
  },
  {
    name: '__typename of an interface object is that of the implementation',
    query: '{ topRated { __typename kind: __typename } }',
    data: {
      topRated: [
        { __typename: 'Film', kind: 'Film' },
        { __typename: 'Book', kind: 'Book' },
        { __typename: 'Film', kind: 'Film' },
      ],
    },
  },
  {
    name: 'fragments on implementations apply below an interface object',
    query: '{ topRated { rating ... on Book { pages } ... on Film { minutes } } }',
    data: {
      topRated: [
        { rating: 4, minutes: 90 },
        { rating: 2, pages: 100 },
        { rating: 4, minutes: 90 },
      ],
    },
  },
  {
    name: 'a way through the interface object and back',
    query: '{ media { reviews { text media { title ... on Film { minutes } reviews { id } } } } }',
    data: {
      media: [
        { reviews: [{ text: 'about 1', media: { title: 'Notes', reviews: [{ id: 'r1' }] } }] },
        { reviews: [{ text: 'about 2', media: { title: 'Engine', minutes: 90, reviews: [{ id: 'r2' }] } }] },
      ],
    },
  },
  {
    name: 'an interface object requires fields of the interface and of another interface object',
    query: '{ media { offer } topRated { offer } }',
    data: {
      media: [{ offer: 'Notes (2)' }, { offer: 'Engine (4)' }],
      topRated: [{ offer: 'Engine (4)' }, { offer: 'Notes (2)' }, { offer: 'Engine (4)' }],
    },
  },
  {
    name: 'an interface object whose kind is not known to anyone keeps its own fields only without __typename',
    query: '{ lost { rating } }',
    data: { lost: { rating: 808 } },
  },
  {
    name: 'a kind that is known stays known when a subgraph that knows only the interface is asked again',
    query: '{ topRated { __typename rating ... on Film { offer } } }',
    data: {
      topRated: [
        { __typename: 'Film', rating: 4, offer: 'Engine (4)' },
        { __typename: 'Book', rating: 2 },
        { __typename: 'Film', rating: 4, offer: 'Engine (4)' },
      ],
    },
    stock: { data: null, reason: 'it forgets the kind' },
  },
];
