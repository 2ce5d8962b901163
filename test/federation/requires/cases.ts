import type { FederationCase } from '../support/describe-feature.ts';

export const cases: readonly FederationCase[] = [
  {
    name: 'a required field is fetched first and not shown',
    query: '{ product(id: "1") { cost } }',
    data: { product: { cost: 20 } },
    calls: { catalogue: 1, shipping: 1 },
  },
  {
    name: 'a required field that the client asks for too is shown',
    query: '{ product(id: "1") { cost weight } }',
    data: { product: { cost: 20, weight: 10 } },
  },
  {
    name: 'a required field that is null is passed on as null',
    query: '{ products { cost } }',
    data: { products: [{ cost: 20 }, { cost: 40 }, { cost: null }] },
  },
  {
    name: 'a nested selection is required, also where it ends in null',
    query: '{ products { volume } }',
    data: { products: [{ volume: 6 }, { volume: 4 }, { volume: null }] },
    representations: { shipping: 3 },
  },
  {
    name: 'the client sees of a nested selection only what it asked for',
    query: '{ product(id: "1") { volume dimensions { height } } }',
    data: { product: { volume: 6, dimensions: { height: 3 } } },
  },
  {
    name: 'a selection in a list is required, with empty lists and nulls in them',
    query: '{ products { partsWeight parts { code } } }',
    data: {
      products: [
        { partsWeight: 3, parts: [{ code: 'a' }, { code: 'b' }] },
        { partsWeight: 0, parts: [] },
        { partsWeight: 5, parts: [{ code: 'c' }, null] },
      ],
    },
  },
  {
    name: 'a selection in a list of lists is required',
    query: '{ products { cells } }',
    data: { products: [{ cells: '[[{"value":1},null],null,[]]' }, { cells: '[]' }, { cells: 'null' }] },
    stock: {
      data: { products: [{ cells: '[null,null,null]' }, { cells: '[]' }, { cells: 'null' }] },
      reason: 'it takes the inner lists for objects and passes on nulls',
    },
  },
  {
    name: 'a field is required with an argument of its own, beside the client’s own argument',
    query: '{ product(id: "2") { price dollars francs: price(currency: "CHF") } }',
    data: { product: { price: 200, dollars: 220, francs: 220 } },
    stock: {
      data: { product: { price: 200, dollars: 200, francs: 220 } },
      reason: 'its planner takes the field with the client’s argument for the required one',
    },
  },
  {
    name: 'a required field keeps its value when the client gives its name to another field',
    query: '{ product(id: "2") { weight: price cost } }',
    data: { product: { weight: 200, cost: 40 } },
    stock: {
      data: { product: { weight: 200, cost: 400 } },
      reason: 'its planner takes the client’s alias for the required field',
    },
  },
  {
    name: 'a field that requires takes arguments, also from variables',
    query:
      'query ($rate: Int!) { product(id: "1") { insurance tripled: insurance(rate: 3) asked: insurance(rate: $rate) } }',
    variables: { rate: 10 },
    data: { product: { insurance: 220, tripled: 330, asked: 1100 } },
  },
  {
    name: 'an argument that is absent, null or given stays so across the requirement',
    query:
      'query ($no: String, $nothing: String) { product(id: "1") { a: label b: label(prefix: null) c: label(prefix: "x") d: label(prefix: $no) e: label(prefix: $nothing) } }',
    variables: { nothing: null },
    data: { product: { a: 'absent-10-2', b: 'null-10-2', c: 'x-10-2', d: 'absent-10-2', e: 'null-10-2' } },
  },
  {
    name: 'requirements chain across three subgraphs',
    query: '{ product(id: "1") { total } }',
    data: { product: { total: 26 } },
    calls: { catalogue: 1, shipping: 1, checkout: 1 },
  },
  {
    name: 'requirements chain across four subgraphs, from where nothing is known, each entity once',
    query: '{ taxed { tax } }',
    data: { taxed: [{ tax: 440 }, { tax: 260 }, { tax: 440 }] },
    representations: { catalogue: 2, shipping: 2, checkout: 2, tax: 2 },
  },
  {
    name: 'a required field is fetched once for several that require it',
    query: '{ product(id: "1") { cost volume total label(prefix: "p") } }',
    data: { product: { cost: 20, volume: 6, total: 26, label: 'p-10-2' } },
    calls: { catalogue: 1, shipping: 1, checkout: 1 },
  },
  {
    name: 'a field that requires can be skipped, and its requirement is not fetched for it',
    query: 'query ($no: Boolean!) { product(id: "1") { id cost @include(if: $no) total @skip(if: true) } }',
    variables: { no: false },
    data: { product: { id: '1' } },
    calls: { shipping: 0, checkout: 0 },
  },
  {
    name: 'a field that is skipped takes nothing from one beside it that requires something else',
    query: 'query ($yes: Boolean!) { product(id: "1") { cost volume @skip(if: $yes) } }',
    variables: { yes: true },
    data: { product: { cost: 20 } },
    stock: { data: { product: { cost: null } }, reason: 'it misses what the skipped field requires' },
  },
  {
    name: 'a field that is skipped takes nothing from a requirement in a chain',
    query: 'query ($yes: Boolean!) { taxed { dollars total @skip(if: $yes) } }',
    variables: { yes: true },
    data: { taxed: [{ dollars: 220 }, { dollars: 110 }, { dollars: 220 }] },
  },
  {
    name: 'the same fields with the same condition the other way are all there',
    query: 'query ($yes: Boolean!) { taxed { dollars total @skip(if: $yes) } }',
    variables: { yes: false },
    data: {
      taxed: [
        { dollars: 220, total: 44 },
        { dollars: 110, total: 26 },
        { dollars: 220, total: 44 },
      ],
    },
  },
  {
    name: 'two fields require one field with different arguments',
    query: '{ product(id: "1") { insurance dollars } }',
    data: { product: { insurance: 220, dollars: 110 } },
    stock: {
      data: { product: { insurance: 240, dollars: 110 } },
      reason: 'its planner takes one value for both',
    },
  },
];
