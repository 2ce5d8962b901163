import type { FederationCase } from '../support/describe-feature.ts';
import { entityCases } from './entity-cases.ts';

const TEAPOT = 'TEAPOT';

const rootCases: readonly FederationCase[] = [
  {
    name: 'a root field that fails is null, the others are there',
    query: '{ ok bad }',
    data: { ok: 'ok', bad: null },
    errors: [{ path: ['bad'], code: TEAPOT, message: 'bad root' }],
  },
  {
    name: 'root fields of two subgraphs fail each on its own',
    query: '{ bad alsoBad ok }',
    data: { bad: null, alsoBad: null, ok: 'ok' },
    errors: [
      { path: ['alsoBad'], code: TEAPOT },
      { path: ['bad'], code: TEAPOT },
    ],
  },
  {
    name: 'a root field that fails under an alias has the alias in its path',
    query: '{ first: bad second: bad }',
    data: { first: null, second: null },
    errors: [
      { path: ['first'], code: TEAPOT },
      { path: ['second'], code: TEAPOT },
    ],
  },
  {
    name: 'a root field that may not be null takes the whole answer with it',
    query: '{ ok badStrict }',
    data: null,
    errors: [{ path: ['badStrict'], code: TEAPOT, message: 'bad strict root' }],
  },
  {
    name: 'a subgraph’s data of another subgraph goes too when the root may not be null',
    query: '{ badStrict book { rating } }',
    data: null,
    errors: [{ path: ['badStrict'], code: TEAPOT }],
  },
  {
    name: 'a null where the subgraph’s own schema allows none is its error',
    query: '{ ok nothing { title } }',
    data: null,
    errors: [{ path: ['nothing'], message: 'Cannot return null for non-nullable field Query.nothing' }],
  },
  {
    name: 'an error without a code of its own keeps the one its server gave it',
    query: '{ plain }',
    data: { plain: null },
    errors: [{ path: ['plain'], code: 'INTERNAL_SERVER_ERROR', message: 'plain throw' }],
  },
  {
    name: 'an item of a list that fails is null',
    query: '{ list }',
    data: { list: ['a', null, 'c'] },
    errors: [{ path: ['list', 1], message: 'second item' }],
  },
  {
    name: 'an item that may not be null takes the list with it',
    query: '{ strictList wrongList }',
    data: { strictList: null, wrongList: null },
    errors: [
      { path: ['strictList', 1], message: 'second strict item' },
      { path: ['wrongList', 1], message: 'Cannot return null' },
    ],
  },
  {
    name: 'a field in a list of objects fails in some',
    query: '{ books { sometimes } }',
    data: { books: [{ sometimes: 'fine' }, { sometimes: null }, { sometimes: 'fine' }] },
    errors: [{ path: ['books', 1, 'sometimes'], code: TEAPOT }],
  },
  {
    name: 'a field that may not be null takes its item, or the list of items that may not be null',
    query: '{ looseBooks { sometimesStrict } strict: books { sometimesStrict } }',
    data: {
      looseBooks: [{ sometimesStrict: 'fine' }, null, null, { sometimesStrict: 'fine' }],
      strict: null,
    },
    errors: [
      { path: ['looseBooks', 2, 'sometimesStrict'], code: TEAPOT },
      { path: ['strict', 1, 'sometimesStrict'], code: TEAPOT },
    ],
  },
  {
    name: 'a failure inside lists of lists has both indices in its path',
    query: '{ shelf { title word: sometimes } }',
    data: {
      shelf: [
        [{ title: 'book 1', word: 'fine' }],
        null,
        [
          { title: 'book 2', word: null },
          { title: 'book 1', word: 'fine' },
        ],
      ],
    },
    errors: [{ path: ['shelf', 2, 0, 'word'], code: TEAPOT }],
  },
  {
    name: 'a null deep inside goes up to the nearest place that may be null',
    query: '{ book { title parts { name fine } } }',
    data: { book: { title: 'book 2', parts: null } },
    errors: [{ path: ['book', 'parts', 1, 'name'], message: 'Cannot return null for non-nullable field Part.name' }],
  },
];

export const cases: readonly FederationCase[] = [...rootCases, ...entityCases];
