import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type FaultyGraph, startFaultyGraph } from './fault-table-graph.ts';

/**
 * Numbers that a double cannot hold. Here graphql-js is not followed: it sees them only after `JSON.parse`, when their digits
 * are lost. A custom scalar passes them on as they are written, `ID` and `String` take whole ones by their digits, and to the
 * other types they are what the nearest double is.
 */

let graph: FaultyGraph;
beforeAll(async () => {
  graph = await startFaultyGraph();
});
afterAll(() => graph.close());

const LONG = '9007199254740993';
const KEY = '"__typename":"Thing","id":"1"';

interface Row {
  readonly query: string;
  /** Data, as JSON. */
  readonly near: string;
  /** Entities, as JSON. */
  readonly far?: string;
  /** The data of the answer, as JSON: that of `near` when not given. */
  readonly data?: string;
  readonly paths?: readonly (readonly (string | number)[])[];
}

async function check({ query, near, far = '[]', data = near, paths = [] }: Row): Promise<void> {
  graph.answer(`{"data":${near}}`, `{"data":{"_entities":${far}}}`);
  const text = await graph.text(query);
  const { errors = [] } = JSON.parse(text) as { errors?: { path: unknown }[] };
  expect(errors.map(({ path }) => path)).toEqual(paths);
  expect(text.slice(text.indexOf('"data":') + '"data":'.length, -1)).toBe(data);
}

// Answers are read by JSON.parse as yet.
describe('digits that are kept', () => {
  const numbers = [
    LONG,
    `-${LONG}`,
    '18446744073709551615',
    '123456789012345678901234567890',
    '0.12345678901234567890',
    '1e400',
    '-1e-400',
  ];
  const scalars = numbers.flatMap((number) => [
    { query: '{ any }', near: `{"any":${number}}` },
    { query: '{ anySure }', near: `{"anySure":${number}}` },
    { query: '{ anyList }', near: `{"anyList":[1,${number},"x",${number}]}` },
    { query: '{ anyMatrix }', near: `{"anyMatrix":[[${number}],[]]}` },
    { query: '{ any }', near: `{"any":{"a":[{"b":${number}}],"__proto__":${number}}}` },
    { query: '{ thing { any int } }', near: `{"thing":{"any":${number},"int":1}}` },
    {
      query: '{ any int }',
      near: `{"any":${number},"int":"x"}`,
      data: `{"any":${number},"int":null}`,
      paths: [['int']],
    },
    {
      query: '{ thing { farAny farAnyList } }',
      near: `{"thing":{${KEY}}}`,
      far: `[{"farAny":${number},"farAnyList":[${number}]}]`,
      data: `{"thing":{"farAny":${number},"farAnyList":[${number}]}}`,
    },
  ]);
  it.each(scalars)('of a custom scalar, $query: $near $far', check);

  const texts = ['ident', 'string'].flatMap((name) => [
    { query: `{ ${name} }`, near: `{"${name}":${LONG}}`, data: `{"${name}":"${LONG}"}` },
    { query: `{ ${name}Sure }`, near: `{"${name}Sure":-${LONG}}`, data: `{"${name}Sure":"-${LONG}"}` },
    { query: `{ ${name}List }`, near: `{"${name}List":[1,${LONG}]}`, data: `{"${name}List":["1","${LONG}"]}` },
  ]);
  it.each(texts)('of an ID and a String, $query: $near', check);

  it('of a key that is sent on', async () => {
    graph.answer(`{"data":{"thing":{"__typename":"Thing","id":${LONG}}}}`, '{"data":{"_entities":[{"farInt":1}]}}');
    expect(await graph.text('{ thing { id farInt } }')).toBe(`{"data":{"thing":{"id":"${LONG}","farInt":1}}}`);
    expect(graph.lastCall()).toContain(`"id":${LONG}}`);
  });

  it('of keys that differ in nothing else', async () => {
    const things = [LONG, '9007199254740992'].map((id) => `{"__typename":"Thing","id":${id}}`);
    graph.answer(`{"data":{"thingList":[${things}]}}`, '{"data":{"_entities":[{"farInt":1},{"farInt":2}]}}');
    const { data } = JSON.parse(await graph.text('{ thingList { farInt } }'));
    expect(data.thingList.map(({ farInt }: { farInt: number }) => farInt).sort()).toEqual([1, 2]);
  });

  it('in what a subgraph tells of an error', async () => {
    graph.answer(`{"data":null,"errors":[{"message":"told","extensions":{"code":"X","since":${LONG}}}]}`);
    expect(await graph.text('{ int }')).toContain(`"since":${LONG}`);
  });
});

describe('numbers of the other types', () => {
  const refused = (['int', 'colour'] as const).flatMap((name) => [
    { query: `{ ${name} }`, near: `{"${name}":${LONG}}`, data: `{"${name}":null}`, paths: [[name]] },
    { query: `{ ${name}Sure }`, near: `{"${name}Sure":${LONG}}`, data: 'null', paths: [[`${name}Sure`]] },
    {
      query: `{ ${name}List }`,
      near: `{"${name}List":[${LONG}]}`,
      data: `{"${name}List":[null]}`,
      paths: [[`${name}List`, 0]],
    },
  ]);
  const infinite = ['int', 'float', 'boolean', 'ident', 'string', 'colour'].flatMap((name) =>
    ['1e400', '-1e400'].map((number) => ({
      query: `{ ${name} }`,
      near: `{"${name}":${number}}`,
      data: `{"${name}":null}`,
      paths: [[name]],
    })),
  );
  const rounded = [
    { query: '{ float }', near: `{"float":${LONG}}`, data: '{"float":9007199254740992}' },
    { query: '{ float }', near: '{"float":0.12345678901234567890}', data: '{"float":0.12345678901234568}' },
    { query: '{ floatSureList }', near: '{"floatSureList":[1e-400,-0]}', data: '{"floatSureList":[0,0]}' },
    { query: '{ boolean }', near: `{"boolean":${LONG}}`, data: '{"boolean":true}' },
    { query: '{ string }', near: '{"string":0.12345678901234567890}', data: '{"string":"0.12345678901234568"}' },
    { query: '{ int }', near: '{"int":2.0000000000000000000000}', data: '{"int":2}' },
  ];
  it.each([...refused, ...infinite, ...rounded])('$query: $near', check);
});

describe('numbers that stand for something else', () => {
  it.each([
    { query: '{ thing { int } }', near: `{"thing":${LONG}}`, data: '{"thing":null}', paths: [['thing']] },
    { query: '{ thingSure { int } }', near: `{"thingSure":${LONG}}`, data: 'null', paths: [['thingSure']] },
    { query: '{ thing { int farInt } }', near: `{"thing":${LONG}}`, data: '{"thing":null}', paths: [['thing']] },
    {
      query: '{ thingList { farInt } }',
      near: `{"thingList":[${LONG}]}`,
      data: '{"thingList":[null]}',
      paths: [['thingList', 0]],
    },
    {
      query: '{ thingList { farInt } }',
      near: `{"thingList":${LONG}}`,
      data: '{"thingList":null}',
      paths: [['thingList']],
    },
    { query: '{ node { id } }', near: `{"node":${LONG}}`, data: '{"node":null}', paths: [['node']] },
    { query: '{ either { __typename } }', near: `{"either":${LONG}}`, data: '{"either":null}', paths: [['either']] },
    {
      query: '{ either { __typename } }',
      near: `{"either":{"__typename":${LONG}}}`,
      data: '{"either":null}',
      paths: [['either']],
    },
    { query: '{ intList }', near: `{"intList":${LONG}}`, data: '{"intList":null}', paths: [['intList']] },
    {
      query: '{ thing { farThing { farInt } } }',
      near: `{"thing":{${KEY}}}`,
      far: `[{"farThing":${LONG}}]`,
      data: '{"thing":{"farThing":null}}',
      paths: [['thing', 'farThing']],
    },
    {
      query: '{ thing { farInt } }',
      near: `{"thing":{${KEY}}}`,
      far: LONG,
      data: '{"thing":{"farInt":null}}',
      paths: [['thing', 'farInt']],
    },
    { query: '{ int }', near: LONG, data: '{"int":null}', paths: [['int']] },
  ])('$query: $near $far', check);

  it('an error that is none', async () => {
    graph.answer(`{"data":{"int":1},"errors":[${LONG},{"message":${LONG},"path":[${LONG}],"extensions":${LONG}}]}`);
    expect(JSON.parse(await graph.text('{ int }'))).toMatchObject({ data: { int: 1 }, errors: [{}, {}] });
  });
});

it('what looks like rawJSON and is an object stays one', () =>
  check({ query: '{ any ident }', near: `{"any":{"rawJSON":"${LONG}"},"ident":"7"}` }));
