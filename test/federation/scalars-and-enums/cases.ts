import type { FederationCase } from '../support/describe-feature.ts';

export const cases: readonly FederationCase[] = [
  {
    name: 'a custom scalar passes as the subgraph wrote it',
    query: '{ price prices }',
    data: { price: '2 EUR', prices: ['1 EUR', null, '0.5 EUR'] },
  },
  {
    name: 'a custom scalar as an argument, literally and by a variable, is for the subgraph to read',
    query: 'query ($of: Money) { price(of: "4.5") other: price(of: $of) }',
    variables: { of: '1e1 EUR' },
    data: { price: '9 EUR', other: '20 EUR' },
  },
  {
    name: 'a scalar that holds anything passes objects, lists and nulls in both directions',
    query:
      'query ($value: JSON) { anything(value: $value) literal: anything(value: { a: [1, "x", null, true, { b: ENUM }] }) none: anything }',
    variables: { value: { list: [1, { deep: null }], __typename: 'Mine', text: 'x' } },
    data: {
      anything: { list: [1, { deep: null }], __typename: 'Mine', text: 'x' },
      literal: { a: [1, 'x', null, true, { b: 'ENUM' }] },
      none: null,
    },
  },
  {
    name: 'a variable inside a literal of a scalar that holds anything',
    query: 'query ($x: Float) { anything(value: { a: [$x] }) }',
    variables: { x: 5 },
    data: { anything: { a: [5] } },
  },
  {
    name: 'an object inside a scalar is left alone, whatever its keys are',
    query: '{ item { meta } }',
    data: { item: { meta: { __typename: 'Trap', id: 5, list: [{ a: null }], nested: { price: 'free' } } } },
  },
  {
    name: 'scalars, enums and objects in scalars are required by another subgraph as they are',
    query: '{ item { fit } }',
    data: {
      item: { fit: '9.99 EUR MEDIUM {"__typename":"Trap","id":5,"list":[{"a":null}],"nested":{"price":"free"}}' },
    },
  },
  {
    name: 'an enum has the values of all subgraphs',
    query: '{ size sizes largest item { size largest } __type(name: "Size") { enumValues { name } } }',
    data: {
      size: 'SMALL',
      sizes: ['SMALL', 'MEDIUM'],
      largest: 'LARGE',
      item: { size: 'MEDIUM', largest: 'LARGE' },
      __type: { enumValues: [{ name: 'MEDIUM' }, { name: 'LARGE' }, { name: 'SMALL' }] },
    },
  },
  {
    name: 'an enum travels by its name, whatever it is inside each subgraph',
    query:
      'query ($in: [Channel!]) { channel(is: WEB) shop: channel(is: SHOP) item { sold(in: $in, for: "3") one: sold(in: SHOP) } }',
    variables: { in: ['SHOP', 'WEB'] },
    data: {
      channel: 'WEB',
      shop: 'SHOP',
      item: { sold: '{"in":["a shop","the web"],"for":3}', one: '{"in":["a shop"]}' },
    },
  },
  {
    name: 'an enum value that is none is refused before anyone is asked',
    query: 'query ($is: Channel) { channel(is: $is) }',
    variables: { is: 'PHONE' },
    data: undefined,
    errors: [{ code: 'BAD_USER_INPUT', message: 'PHONE' }],
    calls: { prices: 0 },
  },
  {
    name: 'a subgraph’s own mistake with an enum is its error',
    query: '{ wrong largest }',
    data: { wrong: null, largest: 'LARGE' },
    errors: [{ path: ['wrong'], code: 'INTERNAL_SERVER_ERROR', message: 'HUGE' }],
  },
  {
    name: 'numbers at the edge of what JSON keeps',
    query: '{ big anything(value: 9007199254740991) }',
    data: { big: 9007199254740992, anything: 9007199254740991 },
  },
];
