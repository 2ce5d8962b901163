import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Caller, type GuardedGraph, refusalsOf, startGuardedGraph } from './guarded-graph.ts';
import { CATALOG, REVIEWS, written } from './shop.ts';

/** What an operation can look like around what is cut out of it. */

interface ShapeCase {
  readonly name: string;
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
  readonly caller?: Caller;
  readonly data: unknown;
  /** Paths and coordinates. */
  readonly refusals: readonly string[];
  readonly received: readonly string[];
  readonly written?: readonly string[];
}

const CASES: readonly ShapeCase[] = [
  {
    name: 'aliases, also those that look like what is guarded',
    query: '{ product { cost: name name: cost again: cost } }',
    data: { product: { cost: 'Gear', name: null, again: null } },
    refusals: ['product.name Product.cost', 'product.again Product.cost'],
    received: ['Product.name', 'Query.product'],
  },
  {
    name: 'a named fragment, spread at two places, of which nothing else is left',
    query: '{ a: product { ...Cost } b: product { name ...Cost } } fragment Cost on Product { cost }',
    data: { a: { cost: null }, b: { name: 'Gear', cost: null } },
    refusals: ['a.cost Product.cost', 'b.cost Product.cost'],
    received: ['Product.name', 'Query.product'],
  },
  {
    name: 'fragments in fragments, with and without a type',
    query: `{ product { ... { ... on Node { ...Outer } } } }
      fragment Outer on Node { name ... on Product { ...Inner } } fragment Inner on Product { supplier { name } stars }`,
    data: { product: { name: 'Gear', supplier: null, stars: 4 } },
    refusals: ['product.supplier Product.supplier'],
    received: ['Product.id', 'Product.name', 'Product.stars', 'Query.product'],
  },
  {
    name: 'the only field of an object: it is still known whether the object is there',
    query: '{ product { cost } }',
    data: { product: { cost: null } },
    refusals: ['product.cost Product.cost'],
    received: ['Query.product'],
  },
  {
    name: 'the only field that another subgraph has: that one is not asked',
    query: '{ product { name notes } }',
    data: { product: { name: 'Gear', notes: null } },
    refusals: ['product.notes Product.notes'],
    received: ['Product.name', 'Query.product'],
  },
  {
    name: 'all of the operation: nobody is asked',
    query: 'mutation { remove { name } again: remove { id } }',
    data: { remove: null, again: null },
    refusals: ['remove Mutation.remove', 'again Mutation.remove'],
    received: [],
    written: [],
  },
  {
    name: 'some root fields of a mutation, and fields below the others, which are done once',
    query: 'mutation ($name: String) { a: remove { id } rename(name: $name) { name cost } }',
    variables: { name: 'Cog' },
    data: { a: null, rename: { name: 'Cog', cost: null } },
    refusals: ['a Mutation.remove', 'rename.cost Product.cost'],
    received: ['Mutation.rename', 'Product.name'],
    written: ['rename Cog'],
  },
  {
    name: 'all below a mutation that is allowed: it is done',
    query: 'mutation { rename(name: "Cog") { cost } }',
    data: { rename: { cost: null } },
    refusals: ['rename.cost Product.cost'],
    received: ['Mutation.rename'],
    written: ['rename Cog'],
  },
  {
    name: 'a field that is never null: its object is',
    query: '{ product { name margin } products { id margin } }',
    data: { product: null, products: [null, null] },
    refusals: ['product.margin Product.margin', 'products.0.margin Product.margin', 'products.1.margin Product.margin'],
    received: ['Product.id', 'Product.name', 'Query.product', 'Query.products'],
  },
  {
    name: 'a field that is never null, where nothing above may be null, either',
    query: '{ strict { margin } product { name } }',
    data: null,
    refusals: ['strict.0.margin Product.margin'],
    received: ['Product.name', 'Query.product', 'Query.strict'],
  },
  {
    name: 'fields in lists of lists, each at its place',
    query: '{ product { parts { code secret } } }',
    data: { product: { parts: [[null, null], [null]] } },
    refusals: ['product.parts.0.0.secret Part.secret', 'product.parts.1.0.secret Part.secret'],
    received: ['Part.code', 'Product.parts', 'Query.product'],
  },
  {
    name: 'what @skip and @include leave out: it is no refusal',
    query: `query ($no: Boolean! = false, $yes: Boolean! = true) {
      product { name cost @include(if: $no) margin @skip(if: $yes) ... @include(if: $yes) { supplier { name } } } }`,
    data: { product: { name: 'Gear', supplier: null } },
    refusals: ['product.supplier Product.supplier'],
    received: ['Product.name', 'Query.product'],
  },
  {
    name: 'fields with arguments and variables that nothing else needs',
    query:
      'query ($of: String, $country: String!) { product { name tag(of: $of) supplier(country: $country) { name } } }',
    variables: { country: 'GB' },
    data: { product: { name: 'Gear', tag: null, supplier: null } },
    refusals: ['product.tag Product.tag', 'product.supplier Product.supplier'],
    received: ['Product.name', 'Query.product'],
  },
  {
    name: 'one of several rules that hold',
    query: '{ product { cost tag(of: "x") } }',
    caller: { scopes: ['other'] },
    data: { product: { cost: 10, tag: null } },
    refusals: ['product.tag Product.tag'],
    received: ['Product.cost', 'Query.product'],
  },
  {
    name: 'one operation of a text: the others do not matter',
    query: 'query A { product { cost } } query B { product { name } }',
    operationName: 'B',
    data: { product: { name: 'Gear' } },
    refusals: [],
    received: ['Product.name', 'Query.product'],
  },
  {
    name: 'members of a union, and fields of some of them',
    query: '{ found { __typename ... on Part { code secret } ... on Product { name cost } ... on Ledger { number } } }',
    data: { found: [null, { __typename: 'Product', name: 'Gear', cost: null }] },
    refusals: ['found.0.secret Part.secret', 'found.1.cost Product.cost'],
    received: ['Part.code', 'Product.name', 'Query.found'],
  },
  {
    name: 'a fragment on one type of an interface',
    query: '{ node(id: "1") { name ... on Product { cost stars } } }',
    data: { node: { name: 'Gear', cost: null, stars: 4 } },
    refusals: ['node.cost Product.cost'],
    received: ['Node.name', 'Product.id', 'Product.stars', 'Query.node'],
  },
  {
    name: 'a key: the planner may fetch it for itself, and the client does not get it',
    query: '{ ledger { entries } }',
    data: { ledger: { entries: 7 } },
    refusals: [],
    received: ['Ledger.entries', 'Ledger.number', 'Query.ledger'],
  },
  {
    name: 'a key that is asked for: it is there under its own name, and is still not given',
    query: '{ ledger { number entries total } }',
    data: { ledger: null },
    refusals: ['ledger.number Ledger.number'],
    received: ['Ledger.entries', 'Ledger.number', 'Ledger.total', 'Query.ledger'],
  },
  {
    name: 'a field that requires another: neither is fetched',
    query: '{ product { stars value } }',
    data: { product: { stars: 4, value: null } },
    refusals: ['product.value Product.value'],
    received: ['Product.id', 'Product.stars', 'Query.product'],
  },
  {
    name: 'a field that requires another, for who may have both',
    query: '{ product { stars value } }',
    caller: { scopes: [] },
    data: { product: { stars: 4, value: 'worth 10' } },
    refusals: [],
    received: ['Product.cost', 'Product.id', 'Product.stars', 'Product.value', 'Query.product'],
  },
  {
    name: 'a field that is asked for twice under one key, once where it is guarded',
    query:
      '{ product { ...Guarded } product { supplier { name } name } } fragment Guarded on Product { supplier { name } }',
    data: { product: { supplier: null, name: 'Gear' } },
    refusals: ['product.supplier Product.supplier'],
    received: ['Product.name', 'Query.product'],
  },
];

describe('an operation of which something is cut', () => {
  let graph: GuardedGraph;
  beforeAll(async () => {
    graph = await startGuardedGraph([CATALOG, REVIEWS]);
  });
  afterAll(() => graph.close());

  it.each(CASES)('$name', async (each) => {
    const { query, caller = {}, variables = {}, operationName, data, refusals, received } = each;
    written.length = 0;
    const named = operationName === undefined ? {} : { operationName };
    const answer = await graph.ask(query, caller, { variables, ...named });
    expect(graph.received()).toEqual(received);
    expect(answer.body.data).toEqual(data);
    expect(refusalsOf(answer).map(([path, message]) => `${path} ${message.split(' ')[0]}`)).toEqual(refusals);
    expect(written).toEqual(each.written ?? []);
  });

  it('is whole for who may have all of it', async () => {
    const query = '{ product { cost margin supplier { name } tag notes parts { secret } } ledger { number } }';
    const { body } = await graph.ask(query, { scopes: ['tags'] });
    expect(body).toEqual({
      data: {
        product: {
          cost: 10,
          margin: 3,
          supplier: { name: 'Mill' },
          tag: 'tag of undefined',
          notes: 'n',
          parts: [[{ secret: 's' }, null], [{ secret: 't' }]],
        },
        ledger: { number: '7' },
      },
    });
  });

  it('tells where in the text each field is', async () => {
    const { body } = await graph.ask('{ product {\n  cost } }');
    expect(body.errors?.[0]?.locations).toEqual([{ line: 2, column: 3 }]);
  });
});
