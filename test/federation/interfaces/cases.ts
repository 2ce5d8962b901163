import type { FederationCase } from '../support/describe-feature.ts';

export const cases: readonly FederationCase[] = [
  {
    name: 'fields of an interface are answered for each implementation',
    query: '{ media { id title } }',
    data: {
      media: [
        { id: 'b1', title: 'Notes' },
        { id: 'f1', title: 'Engine' },
        { id: 'b2', title: 'More Notes' },
      ],
    },
    calls: { library: 1, shop: 0 },
  },
  {
    name: 'fragments on implementations take fields from another subgraph',
    query: '{ media { title ... on Book { pages price } ... on Film { minutes price } } }',
    data: {
      media: [
        { title: 'Notes', pages: 100, price: 10 },
        { title: 'Engine', minutes: 90, price: 15 },
        { title: 'More Notes', pages: 50, price: 20 },
      ],
    },
    representations: { shop: 3 },
  },
  {
    name: 'a fragment on one implementation leaves the others alone',
    query: '{ media { ... on Film { price } } }',
    data: { media: [{}, { price: 15 }, {}] },
    representations: { shop: 1 },
  },
  {
    name: 'a fragment on an interface that another subgraph has is answered by it',
    query: '{ media { id ... on Priced { price } } }',
    data: {
      media: [
        { id: 'b1', price: 10 },
        { id: 'f1', price: 15 },
        { id: 'b2', price: 20 },
      ],
    },
  },
  {
    name: 'an interface of the other subgraph leads back by its implementations',
    query: '{ offers { price ... on Media { title } ... on Voucher { code } } }',
    data: {
      offers: [
        { price: 15, title: 'Engine' },
        { price: 5, code: 'X' },
        { price: 20, title: 'More Notes' },
      ],
    },
    representations: { library: 2 },
  },
  {
    name: 'an implementation that is no entity needs no other subgraph',
    query: '{ cheapest { price ... on Media { title } ... on Voucher { code } } }',
    data: { cheapest: { price: 5, code: 'X' } },
    calls: { library: 0 },
  },
  {
    name: 'an interface inside an interface',
    query: '{ media { author { name ... on Studio { city } ... on Person { born } } } }',
    data: {
      media: [{ author: { name: 'Ada', born: 1815 } }, { author: { name: 'Works', city: 'Rome' } }, { author: null }],
    },
  },
  {
    name: 'an interface that implements another is found through it',
    query: '{ node(id: "f1") { id ... on Media { title ... on Film { price } } } }',
    data: { node: { id: 'f1', title: 'Engine', price: 15 } },
  },
  {
    name: 'a fragment on the interface itself, and on a wider one, inside a fragment',
    query: '{ media { ... on Node { ... on Media { ... on Book { id } } } } }',
    data: { media: [{ id: 'b1' }, {}, { id: 'b2' }] },
  },
  {
    name: '__typename tells the implementation, under an alias too',
    query: '{ media { __typename kind: __typename ... on Book { again: __typename } } }',
    data: {
      media: [
        { __typename: 'Book', kind: 'Book', again: 'Book' },
        { __typename: 'Film', kind: 'Film' },
        { __typename: 'Book', kind: 'Book', again: 'Book' },
      ],
    },
  },
  {
    name: 'a field of an interface takes arguments, different ones by type condition',
    query:
      'query ($short: Boolean!) { media { title(short: $short) ... on Book { full: title(short: false) } ... on Film { full: title } } }',
    variables: { short: true },
    data: {
      media: [
        { title: 'No', full: 'Notes' },
        { title: 'Engine', full: 'Engine' },
        { title: 'Mo', full: 'More Notes' },
      ],
    },
  },
  {
    name: 'the same key stands for different fields under different type conditions',
    query: '{ media { ... on Book { size: pages } ... on Film { size: minutes } } }',
    data: { media: [{ size: 100 }, { size: 90 }, { size: 50 }] },
  },
  {
    name: 'the same key stands for fields of different subgraphs under different type conditions',
    query: '{ media { ... on Book { number: price } ... on Film { number: minutes } } }',
    data: { media: [{ number: 10 }, { number: 90 }, { number: 20 }] },
  },
  {
    name: 'interfaces in lists of lists reach another subgraph at each place',
    query: '{ shelf { front { ... on Film { price } } behind { title ... on Priced { price } } } }',
    data: {
      shelf: {
        front: { price: 15 },
        behind: [[{ title: 'Notes', price: 10 }, null], [{ title: 'Engine', price: 15 }]],
      },
    },
  },
  {
    name: 'a fragment on an interface below an implementation is simplified away',
    query: '{ books { ... on Media { title ... on Priced { price } } cover } }',
    data: {
      books: [
        { title: 'Notes', price: 10, cover: 'soft' },
        { title: 'More Notes', price: 20, cover: 'soft' },
      ],
    },
    calls: { library: 1, shop: 1 },
  },
];
