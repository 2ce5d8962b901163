import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type FaultyGraph, startFaultyGraph } from './fault-table-graph.ts';
import { difference, interpret, interpretationOf } from './fault-table-oracle.ts';

/** Long, wide and deep values of a subgraph: the gateway answers what graphql-js would, and is well afterwards. */

let graph: FaultyGraph;
beforeAll(async () => {
  graph = await startFaultyGraph();
});
afterAll(() => graph.close());

interface Row {
  readonly name: string;
  readonly query: string;
  /** Data, made when it is needed: all of them at once would take much memory. */
  readonly near: () => object;
  readonly far?: () => readonly object[];
  /** The data of the whole for graphql-js, where `far` has a part of it. */
  readonly whole?: () => object;
}

async function compare({ query, near, far = () => [], whole = near }: Row): Promise<void> {
  graph.answer(JSON.stringify({ data: near() }), JSON.stringify({ data: { _entities: far() } }));
  const { body } = await graph.gateway.query(query);
  const lines = difference(interpretationOf(body), await interpret(query, whole()));
  expect(lines.map((line) => line.slice(0, 300))).toEqual([]);
}

const long = 'x'.repeat(3_000_000);
const KEY = { __typename: 'Thing', id: '1' };

describe('three million characters', () => {
  it.each([
    { name: 'of a String', query: '{ string }', near: () => ({ string: long }) },
    { name: 'to escape', query: '{ string }', near: () => ({ string: '"\\\u0001\ud800\u2028'.repeat(200_000) }) },
    {
      name: 'in no ASCII',
      query: '{ thing { string } }',
      near: () => ({ thing: { string: 'é\u{1f600}'.repeat(1_000_000) } }),
    },
    { name: 'of a key', query: '{ any }', near: () => ({ any: { [long]: 1 } }) },
    { name: 'that nobody asked for', query: '{ int }', near: () => ({ int: 1, string: long }) },
    { name: 'for an Int', query: '{ int }', near: () => ({ int: long }) },
    { name: 'of a __typename', query: '{ node { id } }', near: () => ({ node: { __typename: long, id: 1 } }) },
    {
      name: 'of an entity',
      query: '{ thing { farString } }',
      near: () => ({ thing: KEY }),
      far: () => [{ farString: long }],
      whole: () => ({ thing: { farString: long } }),
    },
    {
      name: 'of a key that is sent on',
      query: '{ thing { farInt } }',
      near: () => ({ thing: { ...KEY, id: long } }),
      far: () => [{ farInt: 1 }],
      whole: () => ({ thing: { farInt: 1 } }),
    },
  ])('$name', compare);
});

const many = <T>(item: (index: number) => T, length = 100_000): T[] =>
  Array.from({ length }, (_, index) => item(index));

/** So many errors as graphql-js makes in a moment. */
const FEWER = 1_000;

describe('a hundred thousand items', () => {
  it.each([
    { name: 'numbers', query: '{ intSureList }', near: () => ({ intSureList: many((index) => index) }) },
    {
      name: 'numbers, the last wrong',
      query: '{ intList }',
      near: () => ({ intList: many((index) => (index < 99_999 ? 1 : 'x')) }),
    },
    {
      name: 'numbers, the last null',
      query: '{ int thing { intSureList } }',
      near: () => ({ thing: { intSureList: many((index) => (index < 99_999 ? 1 : null)) } }),
    },
    { name: 'numbers, all wrong', query: '{ intList }', near: () => ({ intList: many(() => 'x', FEWER) }) },
    { name: 'strings where lists should be', query: '{ intMatrix }', near: () => ({ intMatrix: many(String, FEWER) }) },
    { name: 'of a custom scalar', query: '{ any }', near: () => ({ any: many((index) => ({ index })) }) },
    {
      name: 'objects, one wrong',
      query: '{ thingList { int } }',
      near: () => ({ thingList: many((index) => ({ int: index === 7 ? {} : index })) }),
    },
    {
      name: 'objects, each null below',
      query: '{ thingList { intSure } }',
      near: () => ({ thingList: many(() => ({}), FEWER) }),
    },
    {
      name: 'objects of an interface',
      query: '{ nodeSureList { __typename id } }',
      near: () => ({ nodeSureList: many((id) => ({ __typename: id % 2 === 0 ? 'Thing' : 'Other', id })) }),
    },
    { name: 'nulls', query: '{ thingList { id } }', near: () => ({ thingList: many(() => null) }) },
    {
      name: 'entities',
      query: '{ thingList { farInt } }',
      near: () => ({ thingList: many((index) => ({ __typename: 'Thing', id: index })) }),
      far: () => many((farInt) => ({ farInt })),
      whole: () => ({ thingList: many((farInt) => ({ farInt })) }),
    },
    {
      name: 'places of one entity',
      query: '{ thingList { farInt } }',
      near: () => ({ thingList: many(() => KEY, FEWER) }),
      far: () => [{ farInt: 'x' }],
      whole: () => ({ thingList: many(() => ({ farInt: 'x' }), FEWER) }),
    },
    {
      name: 'in an entity',
      query: '{ thing { farIntList } }',
      near: () => ({ thing: KEY }),
      far: () => [{ farIntList: many((index) => index) }],
      whole: () => ({ thing: { farIntList: many((index) => index) } }),
    },
  ])('$name', compare);

  it('properties', () =>
    compare({ name: '', query: '{ any int }', near: () => ({ ...many((index) => index), any: { ...many(String) } }) }));
});

it('a hundred thousand errors are told, each in its place', async () => {
  graph.answer(JSON.stringify({ data: { intList: many(() => 'x') } }));
  const { data, errors } = (await graph.gateway.query('{ intList }')).body;
  expect(JSON.stringify(data) === JSON.stringify({ intList: many(() => null) })).toBe(true);
  expect(errors?.length).toBe(100_000);
  expect(errors?.findIndex(({ path }, index) => path?.[1] !== index)).toBe(-1);
});

const nest = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
const nestObjects = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

describe('a thousand levels', () => {
  it.each(
    ['any', 'int', 'intMatrix', 'thing { int }', 'thingList { int }', 'either { __typename }'].flatMap((field) => [
      { field, value: nest(1_000), name: 'lists' },
      { field, value: nestObjects(1_000), name: 'objects' },
    ]),
  )('$name for $field', async ({ field, value }) => {
    const near = `{"${field.replace(/ .*/, '')}":${value}}`;
    await compare({ name: '', query: `{ ${field} }`, near: () => JSON.parse(near) });
  });
});

/** More than the stack of JavaScript holds: graphql-js could not write such an answer. */
const DEEP = 100_000;

describe('a hundred thousand levels cost the field that has them, and nothing else', () => {
  const key = '{"__typename":"Thing","id":"1"}';
  const check = async ({
    query,
    near,
    far = '{}',
    data,
  }: {
    query: string;
    near: string;
    far?: string;
    data: unknown;
  }) => {
    graph.answer(`{"data":${near}}`, `{"data":{"_entities":[${far}]}}`);
    const { body } = await graph.gateway.query(query);
    expect(body.data).toEqual(data);
    expect(body.errors?.length ?? 0).toBeLessThanOrEqual(1);
  };
  const value = nest(DEEP);

  it.each([
    { name: 'of an Int', query: '{ int float }', near: `{"int":${value},"float":1}`, data: { int: null, float: 1 } },
    {
      name: 'of a list',
      query: '{ intMatrix int }',
      near: `{"intMatrix":${value},"int":1}`,
      data: { intMatrix: [null], int: 1 },
    },
    {
      name: 'of an object',
      query: '{ thing { int } int }',
      near: `{"thing":${value},"int":1}`,
      data: { thing: null, int: 1 },
    },
    { name: 'that nobody asked for', query: '{ int }', near: `{"any":${nestObjects(DEEP)},"int":1}`, data: { int: 1 } },
  ])('$name', check);

  // Writing them, and looking for entities in them, exceeds the stack. It is told, by its code; the whole answer is lost.
  it.each([
    { name: 'lists of a custom scalar', query: '{ any int }', near: `{"any":${value},"int":1}` },
    { name: 'objects of a custom scalar', query: '{ any int }', near: `{"any":${nestObjects(DEEP)},"int":1}` },
    {
      name: 'of an entity',
      query: '{ int thing { farAny } }',
      near: `{"thing":${key},"int":1}`,
      far: `{"farAny":${value}}`,
    },
    { name: 'where entities are looked for', query: '{ int thing { farInt } }', near: `{"thing":${value},"int":1}` },
    {
      name: 'where a list of entities is',
      query: '{ int thingList { farInt } }',
      near: `{"thingList":${value},"int":1}`,
    },
  ])('$name', async ({ query, near, far = '' }) => {
    graph.answer(`{"data":${near}}`, `{"data":{"_entities":[${far}]}}`);
    const { body } = await graph.gateway.query(query);
    expect(body.errors?.map(({ extensions }) => extensions.code)).toEqual(['SUBGRAPH_INVALID_RESPONSE']);
  });

  it('of what a subgraph tells of an error', async () => {
    graph.answer(`{"data":{"int":1},"errors":[{"message":"told","extensions":{"a":${value}}}]}`);
    const { body } = await graph.gateway.query('{ int }');
    expect(body.errors?.map(({ extensions }) => extensions.code)).toEqual(['SUBGRAPH_INVALID_RESPONSE']);
  });
});

it('answers the next request as ever', async () => {
  graph.answer('{"data":{"int":1}}');
  expect(await graph.text('{ int }')).toBe('{"data":{"int":1}}');
});
