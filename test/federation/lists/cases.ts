import type { FederationCase } from '../support/describe-feature.ts';

const red = { colour: 'red' };
const green = { colour: 'green' };

export const cases: readonly FederationCase[] = [
  {
    name: 'entities in a list of lists with nulls at every depth',
    query: '{ grid { colour } }',
    data: { grid: [[red, null, green], null, [], [null]] },
    representations: { colours: 2 },
  },
  {
    name: 'entities three lists deep, each of them once',
    query: '{ cube { colour name } }',
    data: {
      cube: [
        [[{ colour: 'red', name: 'cell 1' }], []],
        [],
        [
          [
            { colour: 'green', name: 'cell 2' },
            { colour: 'red', name: 'cell 1' },
          ],
        ],
      ],
    },
    representations: { colours: 2, names: 2 },
  },
  {
    name: 'a sparse list',
    query: '{ sparse { id colour } }',
    data: { sparse: [null, { id: '3', colour: 'blue' }, null] },
  },
  {
    name: 'an empty list, a list of an empty one and a list that is null ask no one else',
    query: '{ empty { colour } hollow { colour name } none { colour } }',
    data: { empty: [], hollow: [[], [null]], none: null },
    calls: { boards: 1, colours: 0, names: 0 },
  },
  {
    name: 'lists of lists of scalars',
    query: '{ numbers }',
    data: { numbers: [[1, null], null, [], [2, 3]] },
  },
  {
    name: 'lists inside lists of objects, of an entity that is not everywhere',
    query: '{ rows { name cells { colour name } nested { name } } }',
    data: {
      rows: [
        { name: 'a', cells: [{ colour: 'red', name: 'cell 1' }, null], nested: [[{ name: 'cell 2' }], null] },
        { name: 'b', cells: [], nested: null },
        {
          name: 'c',
          cells: [
            { colour: 'red', name: 'cell 1' },
            { colour: null, name: 'cell 4' },
          ],
          nested: [],
        },
      ],
    },
  },
  {
    name: 'lists of scalars from another subgraph',
    query: '{ cube { tags } }',
    data: { cube: [[[{ tags: ['x', null] }], []], [], [[{ tags: [] }, { tags: ['x', null] }]]] },
  },
  {
    name: 'lists of lists from entities of lists of lists',
    query: '{ grid { neighbours { colour neighbours { name } } } }',
    data: {
      grid: [
        [
          { neighbours: [[{ colour: 'green', neighbours: [[{ name: 'cell 3' }, null], []] }, null], []] },
          null,
          { neighbours: [[{ colour: 'blue', neighbours: [[{ name: 'cell 4' }, null], []] }, null], []] },
        ],
        null,
        [],
        [null],
      ],
    },
  },
  {
    name: 'a thousand places of three entities are three representations',
    query: 'query ($count: Int!) { same(count: $count) { colour } }',
    variables: { count: 1000 },
    data: { same: Array.from({ length: 1000 }, (_, index) => ({ colour: ['black', 'red', 'green'][index % 3] })) },
    representations: { colours: 3 },
  },
  {
    name: 'a non-null field of an entity that is not found nulls the item that may be null',
    query: '{ rows { cells { shade } } }',
    data: { rows: [{ cells: [{ shade: 10 }, null] }, { cells: [] }, { cells: [{ shade: 10 }, null] }] },
    errors: [
      {
        path: ['rows', 2, 'cells', 1, 'shade'],
        code: 'INVALID_VALUE',
        message: 'Cannot return null for non-nullable field Cell.shade',
      },
    ],
    stock: {
      data: { rows: [{ cells: [{ shade: 10 }, null] }, { cells: [] }, { cells: [{ shade: 10 }, null] }] },
      reason: 'it hides errors of value completion in its extensions',
    },
  },
];
