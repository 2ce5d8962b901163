import type { FederationCase } from '../support/describe-feature.ts';

/** Errors in fields that come from `_entities`: their paths there say nothing to a client and are given its own. */

const TEAPOT = 'TEAPOT';

export const entityCases: readonly FederationCase[] = [
  {
    name: 'a field of an entity fails at the client’s path',
    query: '{ book { title review } }',
    data: { book: { title: 'book 2', review: null } },
    errors: [{ path: ['book', 'review'], code: TEAPOT, message: 'no review' }],
  },
  {
    name: 'aliases on the way and at the end are in the path',
    query: '{ it: book { other: next { last: next { opinion: review } } } }',
    data: { it: { other: { last: { opinion: null } } } },
    errors: [{ path: ['it', 'other', 'last', 'opinion'], code: TEAPOT }],
  },
  {
    name: 'one of several entities fails, the others are there',
    query: '{ books { rating review } }',
    data: {
      books: [
        { rating: 1, review: 'good' },
        { rating: 2, review: null },
        { rating: 1, review: 'good' },
      ],
    },
    errors: [{ path: ['books', 1, 'review'], code: TEAPOT }],
    representations: { reviews: 2 },
  },
  {
    name: 'an entity sent once fails at each of its places',
    query: '{ looseBooks { next { review } } }',
    data: { looseBooks: [{ next: { review: null } }, null, { next: { review: 'good' } }, { next: { review: null } }] },
    errors: [
      { path: ['looseBooks', 0, 'next', 'review'], code: TEAPOT },
      { path: ['looseBooks', 3, 'next', 'review'], code: TEAPOT },
    ],
    representations: { reviews: 2 },
  },
  {
    name: 'an entity that its subgraph fails to find costs that subgraph’s fields',
    query: '{ readers { title rating } }',
    data: {
      readers: [
        { title: 'book 1', rating: 1 },
        { title: 'book 404', rating: null },
        { title: 'book 2', rating: 2 },
      ],
    },
    errors: [{ path: ['readers', 1], code: TEAPOT, message: 'no such book' }],
  },
  {
    name: 'a field that may not be null takes its entity, in a list whose items may be null',
    query: '{ looseBooks { title reviewStrict } }',
    data: {
      looseBooks: [{ title: 'book 1', reviewStrict: 'good' }, null, null, { title: 'book 1', reviewStrict: 'good' }],
    },
    errors: [{ path: ['looseBooks', 2, 'reviewStrict'], code: TEAPOT, message: 'no strict review' }],
  },
  {
    name: 'it takes the list whose items may not be null, and then the answer',
    query: '{ strictBooks { title reviewStrict } }',
    data: null,
    errors: [{ path: ['strictBooks', 1, 'reviewStrict'], code: TEAPOT }],
  },
  {
    name: 'it takes other fields of the entity, also those of a third fetch, and nothing above',
    query: '{ ok book { reviewStrict next { reviewStrict rating } } }',
    data: { ok: 'ok', book: null },
    errors: [{ path: ['book', 'reviewStrict'], code: TEAPOT }],
  },
  {
    name: 'an item of a list of scalars inside an entity',
    query: '{ books { stars } }',
    data: { books: [{ stars: [5] }, { stars: [1, null, 3] }, { stars: [5] }] },
    errors: [{ path: ['books', 1, 'stars', 1], message: 'a star fell' }],
  },
  {
    name: 'a failure deep inside an entity goes up to the nearest place that may be null',
    query: '{ books { rating top: best { text said: words { text } } } }',
    data: {
      books: [
        { rating: 1, top: { text: 'best', said: [{ text: 'b' }] } },
        { rating: 2, top: null },
        { rating: 1, top: { text: 'best', said: [{ text: 'b' }] } },
      ],
    },
    errors: [{ path: ['books', 1, 'top', 'said', 1, 'text'], code: TEAPOT, message: 'no word' }],
  },
  {
    name: 'entities inside lists of lists have all indices in their paths',
    query: '{ shelf { review } }',
    data: { shelf: [[{ review: 'good' }], null, [{ review: null }, { review: 'good' }]] },
    errors: [{ path: ['shelf', 2, 0, 'review'], code: TEAPOT }],
  },
  {
    name: 'a required field that fails is null for the field that requires it',
    query: '{ books { careful } }',
    data: { books: [{ careful: 'careful: fine' }, { careful: 'careful: null' }, { careful: 'careful: fine' }] },
    errors: [{ path: ['books', 1], code: TEAPOT, message: 'sometimes' }],
    stock: {
      data: { books: [{ careful: 'careful: fine' }, { careful: 'careful: null' }, { careful: 'careful: fine' }] },
      errors: [{ path: ['books', 1, 'sometimes'], code: TEAPOT, message: 'sometimes' }],
      reason: 'its path leads to a field that the client did not ask for',
    },
  },
  {
    name: 'an error in the first fetch and one in the second',
    query: '{ books { sometimes review blurb } }',
    data: {
      books: [
        { sometimes: 'fine', review: 'good', blurb: 'book 1!' },
        { sometimes: null, review: null, blurb: 'book 2!' },
        { sometimes: 'fine', review: 'good', blurb: 'book 1!' },
      ],
    },
    errors: [
      { path: ['books', 1, 'review'], code: TEAPOT },
      { path: ['books', 1, 'sometimes'], code: TEAPOT },
    ],
  },
  {
    name: 'nobody is asked about an entity that a null has taken away',
    query: '{ books { sometimesStrict rating } }',
    data: { books: null },
    errors: [{ path: ['books', 1, 'sometimesStrict'], code: TEAPOT }],
    calls: { reviews: 0 },
  },
];
