import type { FederationCase } from '../support/describe-feature.ts';
import { entityCases } from './entity-cases.ts';
import { HIDDEN, NO_CODE, SILENT } from './reasons.ts';

export const cases: readonly FederationCase[] = [
  {
    name: 'a request that is refused as a whole leaves nulls, its error and the rest of the answer',
    query: '{ ok refused }',
    data: { ok: 'ok', refused: null },
    errors: [{ code: 'REFUSED', message: 'refused' }],
    stock: {
      data: { ok: 'ok', refused: null },
      errors: [{ code: 'INTERNAL_SERVER_ERROR', message: '400: Bad Request' }],
      reason: 'it takes a status of 400 for the whole answer',
    },
  },
  {
    name: 'errors without data and without a path',
    query: '{ ok unexplained }',
    data: { ok: 'ok', unexplained: null },
    errors: [{ code: 'SUBGRAPH_ERROR', message: 'no path' }],
    stock: {
      data: { ok: 'ok', unexplained: null },
      errors: [{ code: 'DOWNSTREAM_SERVICE_ERROR', message: 'no path' }],
      reason: 'it has another name for an error without a code',
    },
  },
  {
    name: 'a GraphQL answer counts whatever its status',
    query: '{ ok failing }',
    data: { ok: 'ok', failing: null },
    errors: [{ path: ['failing'], message: 'with status 500' }],
    stock: {
      data: { ok: 'ok', failing: null },
      errors: [{ code: 'INTERNAL_SERVER_ERROR', message: '500' }],
      reason: 'it takes a status of 500 for the whole answer',
    },
  },
  {
    name: 'a web page with a good status',
    query: '{ ok html }',
    data: { ok: 'ok', html: null },
    errors: [{ code: 'SUBGRAPH_INVALID_RESPONSE', message: '"broken"' }],
    stock: {
      data: { ok: 'ok', html: null },
      errors: [{ code: 'INTERNAL_SERVER_ERROR', message: 'received: <h1>' }],
      reason: NO_CODE,
    },
  },
  {
    name: 'a web page with a bad status',
    query: '{ ok crashed }',
    data: { ok: 'ok', crashed: null },
    errors: [{ code: 'SUBGRAPH_HTTP_ERROR', message: '500' }],
    stock: {
      data: { ok: 'ok', crashed: null },
      errors: [{ code: 'INTERNAL_SERVER_ERROR', message: '500' }],
      reason: NO_CODE,
    },
  },
  {
    name: 'half a JSON',
    query: '{ ok half }',
    data: { ok: 'ok', half: null },
    errors: [{ code: 'SUBGRAPH_INVALID_RESPONSE' }],
    stock: {
      data: { ok: 'ok', half: null },
      errors: [{ code: 'INTERNAL_SERVER_ERROR', message: 'invalid json' }],
      reason: NO_CODE,
    },
  },
  {
    name: 'a connection that breaks in the middle of an answer',
    query: '{ ok cutOff items { name cutOffEntities } }',
    data: {
      ok: 'ok',
      cutOff: null,
      items: [
        { name: 'item 1', cutOffEntities: null },
        { name: 'item 2', cutOffEntities: null },
      ],
    },
    errors: [
      { path: ['cutOff'], code: 'SUBGRAPH_UNREACHABLE', message: '"broken"' },
      { path: ['items'], code: 'SUBGRAPH_UNREACHABLE' },
    ],
    stock: {
      data: {
        ok: 'ok',
        cutOff: null,
        items: [
          { name: 'item 1', cutOffEntities: null },
          { name: 'item 2', cutOffEntities: null },
        ],
      },
      errors: [{ code: 'INTERNAL_SERVER_ERROR' }, { code: 'INTERNAL_SERVER_ERROR' }],
      reason: NO_CODE,
    },
  },
  {
    name: 'an empty body',
    query: '{ ok nothing }',
    data: { ok: 'ok', nothing: null },
    errors: [{ code: 'SUBGRAPH_INVALID_RESPONSE' }],
    stock: {
      data: { ok: 'ok', nothing: null },
      errors: [{ code: 'INTERNAL_SERVER_ERROR', message: 'invalid json' }],
      reason: NO_CODE,
    },
  },
  {
    name: 'a JSON that is no answer: a list',
    query: '{ ok list }',
    data: { ok: 'ok', list: null },
    errors: [{ code: 'SUBGRAPH_INVALID_RESPONSE' }],
    stock: {
      data: { ok: 'ok', list: null },
      errors: [{ code: 'INTERNAL_SERVER_ERROR', message: 'Expected JSON response body' }],
      reason: NO_CODE,
    },
  },
  {
    name: 'a JSON that is no answer: an empty object',
    query: '{ ok object }',
    data: { ok: 'ok', object: null },
    errors: [{ code: 'SUBGRAPH_INVALID_RESPONSE' }],
    stock: { data: { ok: 'ok', object: null }, reason: SILENT },
  },
  {
    name: 'a JSON that is no answer: data that is a text',
    query: '{ ok text }',
    data: { ok: 'ok', text: null },
    errors: [{ code: 'SUBGRAPH_INVALID_RESPONSE' }],
    stock: { data: { ok: 'ok', text: null }, reason: SILENT },
  },
  {
    name: 'a field that is left out is null',
    query: '{ ok missing }',
    data: { ok: 'ok', missing: null },
  },
  {
    name: 'a null where none may be',
    query: '{ ok strict }',
    data: null,
    errors: [
      { path: ['strict'], code: 'INVALID_VALUE', message: 'Cannot return null for non-nullable field Query.strict' },
    ],
    stock: { data: null, reason: HIDDEN },
  },
  {
    name: 'a text where a number belongs',
    query: '{ ok integer }',
    data: { ok: 'ok', integer: null },
    errors: [{ path: ['integer'], code: 'INVALID_VALUE' }],
    stock: { data: { ok: 'ok', integer: null }, reason: HIDDEN },
  },
  {
    name: 'a number where a list belongs',
    query: '{ ok integers }',
    data: { ok: 'ok', integers: null },
    errors: [{ path: ['integers'], code: 'INVALID_VALUE' }],
    stock: {
      data: undefined,
      errors: [{ message: 'Invalid non-list value 7' }],
      reason: 'it gives up the whole answer',
    },
  },
  {
    name: 'a list where an object belongs',
    query: '{ ok single { name } }',
    data: { ok: 'ok', single: null },
    errors: [{ path: ['single'], code: 'INVALID_VALUE' }],
    stock: { data: { ok: 'ok', single: { name: null } }, reason: 'it takes the list for an object' },
  },
  {
    name: 'a value that the enum does not have',
    query: '{ ok level }',
    data: { ok: 'ok', level: null },
    errors: [{ path: ['level'], code: 'INVALID_VALUE' }],
    stock: { data: { ok: 'ok', level: null }, reason: HIDDEN },
  },
  {
    name: 'an object of an interface that does not say what it is',
    query: '{ ok being { __typename name } }',
    data: { ok: 'ok', being: null },
    errors: [{ path: ['being'], code: 'INVALID_VALUE' }],
    stock: { data: { ok: 'ok', being: null }, reason: HIDDEN },
  },
  {
    name: 'an object of a type that is not there',
    query: '{ ok alien { name } }',
    data: { ok: 'ok', alien: null },
    errors: [{ path: ['alien'], code: 'INVALID_VALUE' }],
    stock: { data: { ok: 'ok', alien: null }, reason: HIDDEN },
  },
  {
    name: 'fields that were not asked for go no further',
    query: '{ ok more }',
    data: { ok: 'ok', more: 'asked' },
  },
  {
    name: 'errors that are no errors are told without falling over them',
    query: '{ oddErrors }',
    data: { oddErrors: 'fine' },
    errors: [{ code: 'SUBGRAPH_ERROR' }, { code: 'SUBGRAPH_ERROR' }, { code: 'SUBGRAPH_ERROR' }],
    stock: {
      data: { oddErrors: null },
      errors: [{ code: 'INTERNAL_SERVER_ERROR' }],
      reason: 'it falls over them',
    },
  },
  {
    name: 'no errors, as an empty list',
    query: '{ noErrors }',
    data: { noErrors: 'fine' },
  },
  {
    name: 'no errors, as null',
    query: '{ nullErrors }',
    data: { nullErrors: 'fine' },
  },
  ...entityCases,
];
