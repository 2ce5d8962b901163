import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type FaultyGraph, startFaultyGraph } from './fault-table-graph.ts';
import { difference, interpret, interpretationOf } from './fault-table-oracle.ts';

/** Wrong objects of a subgraph, and names that objects inherit: the gateway answers what graphql-js would. */

interface Row {
  readonly query: string;
  /** Of the subgraph `near`, as JSON. */
  readonly near: string;
  /** The entities of `far`, as JSON. */
  readonly far?: string;
  /** The data of the whole for graphql-js, where `far` has a part of it. */
  readonly whole?: string;
}

let graph: FaultyGraph;
beforeAll(async () => {
  graph = await startFaultyGraph();
});
afterAll(() => graph.close());

async function compare({ query, near, far = '[]', whole = near }: Row): Promise<void> {
  graph.answer(`{"data":${near}}`, `{"data":{"_entities":${far}}}`);
  const { body } = await graph.gateway.query(query);
  expect(difference(interpretationOf(body), await interpret(query, JSON.parse(whole)))).toEqual([]);
}

/** JSON texts of what may stand for an object; the empty one is a key that is not there. */
const NOT_OBJECTS = [
  '',
  'null',
  '1',
  '0',
  '""',
  '"Thing"',
  'true',
  'false',
  '[]',
  '[{}]',
  '[null]',
  '[[{"int":1}]]',
  '[[[{"int":1}]]]',
];
const OBJECTS = [
  '{}',
  '{"int":1}',
  '{"int":"x"}',
  '{"__typename":"Nothing","int":1}',
  '{"rawJSON":"1"}',
  '{"length":2,"0":{},"1":{}}',
];

const field = (name: string, value: string) => (value === '' ? '{}' : `{"${name}":${value}}`);

describe('in place of an object', () => {
  const values = [...NOT_OBJECTS, ...OBJECTS];
  const rows = values.flatMap((value) =>
    [
      { query: '{ thing { int } }', near: field('thing', value) },
      { query: '{ thingSure { int intSure } }', near: field('thingSure', value) },
      { query: '{ thingList { int } }', near: field('thingList', value) },
      { query: '{ thingList { int } }', near: `{"thingList":[{"int":7},${value || 'null'}]}` },
      { query: '{ thingSureList { int } }', near: `{"thingSureList":[{"int":7},${value || 'null'}]}` },
      { query: '{ thingMatrix { int } }', near: `{"thingMatrix":[[{"int":7}],${value || 'null'}]}` },
      { query: '{ thingMatrix { int } }', near: `{"thingMatrix":[[{"int":7}],[${value || 'null'}]]}` },
      {
        query: '{ thing { child { int } childSure { int } } }',
        near: `{"thing":{"child":${value || 'null'},"childSure":{}}}`,
      },
      { query: '{ thing { child { int } childSure { int } } }', near: `{"thing":{"childSure":${value || 'null'}}}` },
    ].map((row) => ({ value, ...row })),
  );
  it.each(rows)('$query: $near', compare);

  const entities = values.flatMap((value) =>
    [
      { query: '{ thing { farInt } }', near: field('thing', value) },
      { query: '{ thingList { farInt } }', near: `{"thingList":[${value || 'null'}]}` },
    ].map((row) => ({ value, ...row })),
  );
  it.each(entities)('before a fetch for it, $query: $near', compare);

  const key = '"__typename":"Thing","id":"1"';
  const brought = values.map((value) => ({
    value,
    query: '{ thing { farThing { farInt } farThingList { farInt } } }',
    near: `{"thing":{${key}}}`,
    far: `[{"farThing":${value || 'null'},"farThingList":[{"farInt":7},${value || 'null'}]}]`,
    whole: `{"thing":{${key},"farThing":${value || 'null'},"farThingList":[{"farInt":7},${value || 'null'}]}}`,
  }));
  it.each(brought)('that a fetch brings: $far', compare);
});

/** JSON texts of a `__typename`; the empty one is a key that is not there. */
const TYPENAMES = [
  ...[
    '"Thing"',
    '"Other"',
    '"Hidden"',
    '"Nothing"',
    '"Node"',
    '"Either"',
    '"Query"',
    '"Int"',
    '"Colour"',
    '"__Schema"',
    '""',
  ],
  ...['"thing"', '"constructor"', '"__proto__"', '"toString"', '"\\ud800"', 'null', '1', 'true', '{}', '["Thing"]', ''],
];

/**
 * Where the gateway does not follow graphql-js, because it must not: an object of an inaccessible type is not there for
 * clients. It is as null would be, without an error that would tell that there is such a type.
 */
const HIDDEN = '"Hidden"';

describe('the __typename of an abstract type', () => {
  const rows = TYPENAMES.flatMap((typename) => {
    const value = typename === '' ? '{"id":"1","int":1}' : `{"__typename":${typename},"id":"1","int":1}`;
    const sound = '{"__typename":"Other","id":"2","int":2}';
    return ['node', 'either'].flatMap((name) => {
      const below =
        name === 'node'
          ? ['{ __typename id }', '{ id int }']
          : ['{ __typename }', '{ ... on Thing { id } ... on Other { id int } }'];
      return below.flatMap((selection) =>
        [
          { query: `{ ${name} ${selection} }`, near: `{"${name}":${value}}` },
          { query: `{ ${name}Sure ${selection} }`, near: `{"${name}Sure":${value}}` },
          { query: `{ ${name}List ${selection} }`, near: `{"${name}List":[${sound},${value}]}` },
          { query: `{ ${name}SureList ${selection} }`, near: `{"${name}SureList":[${value},${sound}]}` },
          { query: `{ ${name}Matrix ${selection} }`, near: `{"${name}Matrix":[[${sound}],[${value}]]}` },
        ].map((row) => ({
          ...row,
          ...(typename === HIDDEN ? { whole: row.near.replace(value, 'null') } : {}),
        })),
      );
    });
  });
  it.each(rows)('$query: $near', compare);
});

describe('names that every object inherits', () => {
  const NAMES = [
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'valueOf',
    'isPrototypeOf',
    '__typename',
    'rawJSON',
  ];
  const key = '"__typename":"Thing","id":"1"';
  const aliased = NAMES.filter((name) => name !== '__typename').flatMap((name) => [
    { query: `{ ${name}: int }`, near: `{"${name}":5}` },
    { query: `{ ${name}: int }`, near: '{}' },
    { query: `{ ${name}: intSure int }`, near: '{"int":5}' },
    { query: `{ ${name}: thing { ${name}: int } }`, near: `{"${name}":{"${name}":5}}` },
    { query: `{ ${name}: thing { ${name}: int } }`, near: '{}' },
    { query: `{ ${name}: thing { ${name}: int } }`, near: `{"${name}":{}}` },
    { query: `{ ${name}: thing { ${name}: intSure } }`, near: `{"${name}":{}}` },
    {
      query: `{ ${name}: thing { ${name}: childSure { ${name}: int } } }`,
      near: `{"${name}":{"${name}":{"${name}":"x"}}}`,
    },
    { query: `{ ${name}: any }`, near: `{"${name}":{"${name}":{"${name}":1}}}` },
    { query: `{ any }`, near: `{"any":{"${name}":{"${name}":[{"${name}":1}]}}}` },
    { query: `{ anyList }`, near: `{"anyList":[{"${name}":{"${name}":1}}]}` },
    {
      query: `{ ${name}: thing { ${name}: farInt } }`,
      near: `{"${name}":{${key}}}`,
      far: `[{"${name}":5}]`,
      whole: `{"${name}":{${key},"${name}":5}}`,
    },
    { query: `{ ${name}: thing { ${name}: farInt } }`, near: `{"${name}":{${key}}}`, far: '[{}]' },
    {
      query: `{ ${name}: thingList { ${name}: farThing { ${name}: farAny } } }`,
      near: `{"${name}":[{${key}}]}`,
      far: `[{"${name}":{"${name}":{"${name}":1}}}]`,
      whole: `{"${name}":[{${key},"${name}":{"${name}":{"${name}":1}}}]}`,
    },
  ]);
  it.each(aliased)('as aliases, $query: $near $far', compare);

  it.each([
    { query: '{ constructor toString hasOwnProperty }', near: '{"constructor":1,"toString":2,"hasOwnProperty":3}' },
    { query: '{ constructor toString hasOwnProperty }', near: '{}' },
    { query: '{ constructor toString }', near: '{"constructor":"x","toString":{}}' },
    {
      query: '{ thing { constructor toString hasOwnProperty } }',
      near: '{"thing":{"constructor":1,"hasOwnProperty":3}}',
    },
    {
      query: '{ thing { valueOf isPrototypeOf } }',
      near: `{"thing":{${key}}}`,
      far: '[{"valueOf":1}]',
      whole: `{"thing":{${key},"valueOf":1}}`,
    },
    { query: '{ thing { valueOf isPrototypeOf } }', near: `{"thing":{${key}}}`, far: '[{}]' },
  ])('as fields, $query: $near $far', compare);

  it.each([
    { query: '{ int }', near: '{"__proto__":{"int":5}}' },
    { query: '{ thing { int } }', near: '{"__proto__":{"thing":{"int":5}}}' },
    { query: '{ thing { int } }', near: '{"thing":{"__proto__":{"int":5}}}' },
    { query: '{ node { int } }', near: '{"node":{"__proto__":{"__typename":"Thing"},"__typename":"Other","int":1}}' },
    { query: '{ thing { int farInt } }', near: '{"thing":{"__proto__":{"__typename":"Thing","id":"1"},"int":1}}' },
    { query: '{ thing { farInt } }', near: `{"thing":{${key}}}`, far: '[{"__proto__":{"farInt":5}}]' },
    {
      query: '{ thing { int farInt } }',
      near: `{"thing":{${key},"int":1}}`,
      far: '[{"__proto__":{"int":5},"farInt":2}]',
      whole: `{"thing":{${key},"int":1,"farInt":2}}`,
    },
  ])('that nobody asked for, $query: $near $far', compare);

  it('leaves every object as it was', () => {
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect({}).not.toHaveProperty('int');
  });
});

describe('equal keys', () => {
  it.each([
    { query: '{ int }', near: '{"int":1,"int":2}' },
    { query: '{ int }', near: '{"int":1,"int":"x"}' },
    { query: '{ int }', near: '{"int":1,"int":null}' },
    { query: '{ int }', near: '{"int":1,"\\u0069nt":2}' },
    { query: '{ thing { int string } }', near: '{"thing":{"int":1},"thing":{"string":"b"}}' },
    { query: '{ node { __typename id } }', near: '{"node":{"__typename":"Thing","__typename":"Other","id":"1"}}' },
    { query: '{ any }', near: '{"any":{"a":1,"b":2,"a":3}}' },
  ])('$query: $near', compare);
});
