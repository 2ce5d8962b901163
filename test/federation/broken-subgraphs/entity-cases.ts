import type { FederationCase } from '../support/describe-feature.ts';
import { NO_CODE } from './reasons.ts';

/** Answers to `_entities` that are not one entity for each representation, or whose errors point nowhere. */

export const entityCases: readonly FederationCase[] = [
  ...['short', 'long', 'absent', 'noList'].map((field): FederationCase => {
    const items = [
      { name: 'item 1', [field]: null },
      { name: 'item 2', [field]: null },
    ];
    return {
      name: `an answer for entities that is not one for each: ${field}`,
      query: `{ items { name ${field} } }`,
      data: { items },
      errors: [{ path: ['items'], code: 'SUBGRAPH_INVALID_RESPONSE', message: '2 entities' }],
      stock: { data: { items }, errors: [{ message: 'Expected "data._entities"' }], reason: NO_CODE },
    };
  }),
  {
    name: 'entities that are no objects are nulls, and an error says so',
    query: '{ items { name scalars } }',
    data: {
      items: [
        { name: 'item 1', scalars: null },
        { name: 'item 2', scalars: null },
      ],
    },
    errors: [{ path: ['items'], code: 'SUBGRAPH_INVALID_RESPONSE', message: 'something else than an entity' }],
    stock: {
      data: {
        items: [
          { name: 'item 1', scalars: null },
          { name: 'item 2', scalars: null },
        ],
      },
      errors: [{ message: 'Cannot create property' }],
      reason: 'it falls over them',
    },
  },
  {
    name: 'entities that are refused as a whole have one error at the list they were for',
    query: '{ ok items { name refusedEntities } }',
    data: {
      ok: 'ok',
      items: [
        { name: 'item 1', refusedEntities: null },
        { name: 'item 2', refusedEntities: null },
      ],
    },
    errors: [{ path: ['items'], code: 'REFUSED' }],
    stock: {
      data: {
        ok: 'ok',
        items: [
          { name: 'item 1', refusedEntities: null },
          { name: 'item 2', refusedEntities: null },
        ],
      },
      errors: [{ code: 'INTERNAL_SERVER_ERROR', message: '400: Bad Request' }],
      reason: 'it takes a status of 400 for the whole answer',
    },
  },
  ...(
    [
      [
        'outside',
        'beyond',
        [{ outside: 'a' }, { outside: null }],
        'an error about an entity that is not there is lost',
      ],
      ['pathless', 'somewhere', [{ pathless: 'a' }, { pathless: null }]],
      ['elsewhere', 'elsewhere', [{ elsewhere: 'a' }, { elsewhere: null }]],
      ['whole', 'the whole list', [{ whole: null }, { whole: null }]],
    ] as const
  ).map(
    ([field, message, items]): FederationCase => ({
      name: `an error about entities whose path leads to none of them: ${field}`,
      query: `{ items { ${field} } }`,
      data: { items },
      errors: [{ path: ['items'], message }],
      stock: { data: { items }, errors: [{ message }], reason: 'its path, if it has one, leads nowhere' },
    }),
  ),
];
