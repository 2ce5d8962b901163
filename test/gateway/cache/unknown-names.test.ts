import { expect, it } from '@jest/globals';
import { buildSchema } from 'graphql';
import type { TagRules } from '../../../gateway/cache/tag-rules.ts';
import { findUnknownNames } from '../../../gateway/cache/unknown-names.ts';
import { cacheConfig } from '../../../gateway/cache-config.ts';

const schema = buildSchema('type Query { a: A } type Mutation { change: A } type A { id: ID } type B { id: ID }');
const rules: TagRules = {
  ofSubgraph: new Map([
    ['one', { types: new Set(['A']), interfaceObjects: new Set(), rootFormats: new Map(), typeFormats: new Map() }],
  ]),
  keys: new Map(),
  warnings: [],
};
const find = (options: object) => findUnknownNames(cacheConfig.parse(options), rules, schema);

it('tells what the options of the cache name and the graph does not have', () => {
  expect(
    find({
      subgraph: { one: { types: { A: {}, B: {} } }, two: { types: { A: {} } }, constructor: {} },
      mutations: { change: { types: ['A', 'C'] }, toString: {}, other: {} },
    }),
  ).toEqual([
    'cache.subgraph names no subgraph of this graph: two, constructor',
    'cache.subgraph.one.types names no type of this graph: B',
    'cache.mutations names no field of Mutation of this graph: toString, other',
    'cache.mutations.change.types names no type of this graph: C',
  ]);
});

it('tells nothing where everything is there', () => {
  expect(find({ subgraph: { one: { types: { A: {} } } }, mutations: { change: { types: ['B'] } } })).toEqual([]);
});
