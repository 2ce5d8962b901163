import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Body, type FaultyGraph, startFaultyGraph } from './fault-table-graph.ts';
import { interpret, interpretationOf } from './fault-table-oracle.ts';

/**
 * Whole answers of a subgraph that are wrong. To graphql-js a field that cannot be had is one whose resolver throws: data and
 * the paths of errors are compared. (Which codes the errors have: test/gateway/subgraph-faults.test.ts.)
 */

let graph: FaultyGraph;
beforeAll(async () => {
  graph = await startFaultyGraph();
});
afterAll(() => graph.close());

type Steps = readonly (string | number)[];

interface Row {
  readonly query: string;
  readonly near: Body;
  readonly far?: Body;
  /** For graphql-js. */
  readonly whole: unknown;
  /** The paths of the gateway's errors, where they are not those of graphql-js: an error of many objects is at their list. */
  readonly paths?: readonly Steps[];
}

async function compare({ query, near, far = '', whole, paths }: Row): Promise<void> {
  graph.answer(near, far);
  const ours = interpretationOf((await graph.gateway.query(query)).body);
  const theirs = await interpret(query, whole);
  expect(ours.data).toEqual(theirs.data);
  expect(ours.errors.map(({ path }) => path)).toEqual(paths ?? theirs.errors.map(({ path }) => path));
}

const thrown = () => new Error('thrown');

describe('what is no response', () => {
  const bodies: readonly { readonly name: string; readonly body: Body }[] = [
    ...[
      '',
      ' ',
      '{',
      '{"data":{"int":1}',
      '{"data":{"int":1}}{}',
      '{"data":{"int":1},}',
      "{'data':{}}",
      '{"data":{"int":01}}',
    ],
    ...[
      '{"data":{"int":NaN}}',
      '{"data":{"string":"\u0000"}}',
      '[]',
      '[{"data":{}}]',
      '{}',
      'null',
      '5',
      '"data"',
      'true',
    ],
    ...[
      '{"data":"no"}',
      '{"data":5}',
      '{"data":true}',
      '{"data":[]}',
      '{"data":[{"int":1}]}',
      '{"errors":{}}',
      '{"errors":null}',
    ],
    ...['{"data":{"int":1},"errors":"x"}', '{"data":{"int":1},"errors":{}}', '{"data":{"int":1},"errors":17}'],
    ...[
      '{"__proto__":{"data":{"int":1}}}',
      '{"Data":{"int":1}}',
      '{"data":{"int":1},"data":"no"}',
      '<h1>It works!</h1>',
    ],
  ].map((body) => ({ name: JSON.stringify(body), body }));
  const bytes = [
    { name: 'UTF-16', body: Buffer.from('{"data":{"int":1}}', 'utf16le') },
    { name: 'a gzip that says nothing of it', body: Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0]) },
    { name: 'a byte order mark alone', body: '\ufeff' },
    { name: 'a byte order mark in the middle', body: '{"data":\ufeff{"int":1}}' },
    { name: 'two byte order marks', body: '\ufeff\ufeff{"data":{"int":1}}' },
  ];
  const rows = [...bodies, ...bytes];

  it.each(rows)('for the root, nullable: $name', ({ body }) =>
    compare({
      query: '{ int string thing { id } }',
      near: body,
      whole: { int: thrown(), string: thrown(), thing: thrown() },
    }),
  );

  it.each(rows)('for the root, not nullable: $name', ({ body }) =>
    compare({ query: '{ intSure }', near: body, whole: { intSure: thrown() } }),
  );

  const one = '{"data":{"thing":{"__typename":"Thing","id":"1"}}}';
  it.each(rows)('for an entity: $name', ({ body }) =>
    compare({
      query: '{ thing { id farInt farString } }',
      near: one,
      far: body,
      whole: { thing: { id: '1', farInt: thrown(), farString: thrown() } },
    }),
  );

  it.each(rows)('for an entity, not nullable: $name', ({ body }) =>
    compare({
      query: '{ int thing { farIntSure } }',
      near: one,
      far: body,
      whole: { thing: { farIntSure: thrown() } },
    }),
  );
});

const two = '{"data":{"thingList":[{"__typename":"Thing","id":"1"},{"__typename":"Thing","id":"2"}]}}';

describe('what are not the entities asked for', () => {
  const rows = [
    ...[
      '{"data":{}}',
      '{"data":null}',
      '{"data":{"_entities":null}}',
      '{"data":{"_entities":{}}}',
      '{"data":{"_entities":"x"}}',
    ],
    ...['{"data":{"_entities":{"length":2}}}', '{"data":{"_entities":[]}}', '{"data":{"_entities":[{"farInt":1}]}}'],
    ...[
      '{"data":{"_entities":[{"farInt":1},{"farInt":2},{"farInt":3}]}}',
      '{"data":{"__proto__":{"_entities":[{},{}]}}}',
    ],
    ...['{"data":{"_Entities":[{},{}]}}', '{"data":{"_entities":[[{"farInt":1},{"farInt":2}]]}}', ''],
  ].map((far) => ({ far }));

  it.each(rows)('$far', ({ far }) =>
    compare({
      query: '{ thingList { id farInt } }',
      near: two,
      far,
      whole: {
        thingList: [
          { id: '1', farInt: thrown() },
          { id: '2', farInt: thrown() },
        ],
      },
      paths: [['thingList']],
    }),
  );

  it.each(rows)('for fields that may not be null: $far', ({ far }) =>
    compare({
      query: '{ thingList { id farIntSure } }',
      near: two,
      far,
      whole: { thingList: [{ farIntSure: thrown() }, { farIntSure: thrown() }] },
      paths: [['thingList']],
    }),
  );
});

describe('an entity that is not one', () => {
  const brought = (entity: string) => `{"data":{"_entities":[${entity},{"farInt":2,"farIntSure":2}]}}`;

  it.each(['null', '{}', '{"farInt":null}', '{"__typename":"Thing"}'])('not known: %s', async (entity) => {
    const far = brought(entity);
    await compare({
      query: '{ thingList { id farInt } }',
      near: two,
      far,
      whole: { thingList: [{ id: '1' }, { id: '2', farInt: 2 }] },
    });
    await compare({
      query: '{ thingList { id farIntSure } }',
      near: two,
      far,
      whole: { thingList: [{ id: '1' }, { id: '2', farIntSure: 2 }] },
    });
  });

  it.each(['5', '"x"', 'true', '[]', '[{"farInt":1}]'])('no object: %s', (entity) =>
    compare({
      query: '{ thingList { id farInt } }',
      near: two,
      far: brought(entity),
      whole: {
        thingList: [
          { id: '1', farInt: thrown() },
          { id: '2', farInt: 2 },
        ],
      },
    }),
  );

  const node = '{"data":{"node":{"__typename":"Thing","id":"1"}}}';
  const query = '{ node { __typename id ... on Thing { farInt } } }';
  const whole = { node: { __typename: 'Thing', id: '1', farInt: 1 } };
  it.each(['"Thing"', 'null', '"Node"'])('of another type than was asked for, if that says nothing: %s', (typename) =>
    compare({ query, near: node, far: `{"data":{"_entities":[{"__typename":${typename},"farInt":1}]}}`, whole }),
  );

  it.each(['"Other"', '"Nothing"', '"Hidden"', '5', '{}'])('of another type than was asked for: %s', (typename) =>
    compare({ query, near: node, far: `{"data":{"_entities":[{"__typename":${typename},"farInt":1}]}}`, whole }),
  );
});

describe('what is a response, strange as it looks', () => {
  it.each([
    { name: 'white space around it', near: ' \r\n\t{"data":{"int":1}}\n\n', whole: { int: 1 } },
    { name: 'a byte order mark before it', near: '\ufeff{"data":{"int":1}}', whole: { int: 1 } },
    { name: 'no errors', near: '{"data":{"int":1},"errors":[]}', whole: { int: 1 } },
    { name: 'errors that are null', near: '{"data":{"int":1},"errors":null}', whole: { int: 1 } },
    { name: 'members nobody knows', near: '{"date":5,"data":{"int":1,"more":2},"__proto__":{}}', whole: { int: 1 } },
    { name: 'equal keys', near: '{"data":"no","data":{"int":1}}', whole: { int: 1 } },
    { name: 'escaped keys', near: '{"\\u0064ata":{"i\\u006et":1}}', whole: { int: 1 } },
    { name: 'no field at all', near: '{"data":{}}', whole: {} },
  ])('$name', (row) => compare({ query: '{ int }', ...row }));

  const broken = (...bytes: number[]) =>
    Buffer.concat([Buffer.from('{"data":{"string":"a'), Buffer.from(bytes), Buffer.from('"}}')]);
  it.each([
    { name: 'a byte that begins nothing', body: broken(0xff), string: 'a\ufffd' },
    { name: 'a character cut short', body: broken(0xe2, 0x82), string: 'a\ufffd' },
    { name: 'a surrogate', body: broken(0xed, 0xa0, 0x80), string: 'a\ufffd\ufffd\ufffd' },
    { name: 'a letter written too long', body: broken(0xc1, 0x81), string: 'a\ufffd\ufffd' },
  ])('invalid UTF-8, $name', ({ body, string }) => compare({ query: '{ string }', near: body, whole: { string } }));
});

describe('values beside errors', () => {
  it.each([
    { name: 'a null told', data: '{"int":null}', path: '["int"]', query: '{ int }', whole: { int: thrown() } },
    { name: 'a missing key told', data: '{}', path: '["int"]', query: '{ int }', whole: { int: thrown() } },
    {
      name: 'a null told that may not be',
      data: '{"intSure":null}',
      path: '["intSure"]',
      query: '{ intSure }',
      whole: { intSure: thrown() },
    },
    {
      name: 'a null told from below',
      data: '{"thing":null}',
      path: '["thing","intSure"]',
      query: '{ thing { intSure } int }',
      whole: { thing: { intSure: thrown() } },
    },
    {
      name: 'an item told',
      data: '{"intList":[1,null,3]}',
      path: '["intList",1]',
      query: '{ intList }',
      whole: { intList: [1, thrown(), 3] },
    },
    {
      name: 'an item told that may not be null',
      data: '{"thing":{"intSureList":[1,null]}}',
      path: '["thing","intSureList",1]',
      query: '{ thing { intSureList } }',
      whole: { thing: { intSureList: [1, thrown()] } },
    },
    {
      name: 'by an alias',
      data: '{"__proto__":null}',
      path: '["__proto__"]',
      query: '{ __proto__: int }',
      whole: JSON.parse('{}'),
      paths: [['__proto__']],
    },
  ])('$name', ({ data, path, ...row }) =>
    compare({ ...row, near: `{"data":${data},"errors":[{"message":"told","path":${path}}]}` }),
  );
});
