import { describe, expect, it } from '@jest/globals';
import { parse, print } from 'graphql';
import { toPlannable } from '../../planning/plannable.ts';
import { collectRequiredNames } from '../../planning/required-names.ts';

const required = {
  all: new Set(['__typename', 'id', 'weight', 'price']),
  withArguments: new Set(['price']),
  plain: new Set(['id', 'weight']),
  joinsTypes: false,
};
const plannable = (query: string) => print(toPlannable(parse(query), required).document).replace(/\s+/g, ' ');

describe('an operation made plannable', () => {
  it('is the same document where nothing collides', () => {
    const document = parse('{ product(id: 1) { id weight called: name } }');
    expect(toPlannable(document, required).document).toBe(document);
  });

  it.each([
    ['another field under the name of a key', '{ a { id: name } }', '{ a { _0_id: name } }'],
    ['a required field with an argument', '{ a { weight(in: KG) } }', '{ a { _0_weight: weight(in: KG) } }'],
    ['a field that is required with another argument', '{ a { price } }', '{ a { _0_price: price } }'],
    ['another field as __typename', '{ a { __typename: name } }', '{ a { _0___typename: name } }'],
    ['a required field: its plain name', '{ a { mass: weight } }', '{ a { weight: weight } }'],
    ['in a fragment', '{ ...F } fragment F on A { id: name }', '{ ...F } fragment F on A { _0_id: name }'],
  ])('gives a key of its own to %s', (_, query, expected) => {
    expect(plannable(query)).toBe(expected);
  });

  it('gives equal fields the same key, so that they still merge, and different ones different keys', () => {
    expect(plannable('{ a { id: name } b { id: name } c { id: title } }')).toBe(
      '{ a { _0_id: name } b { _0_id: name } c { _1_id: title } }',
    );
  });

  it('leaves objects that the client has under several keys apart, required or not', () => {
    expect(plannable('{ a: id { x(n: 1) } b: id { x(n: 2) } }')).toBe('{ a: id { x(n: 1) } b: id { x(n: 2) } }');
  });

  it('gives what one key stands for in different types keys of their own where a subgraph knows these types as one', () => {
    const document = parse('{ a { ... on B { x: y(n: 1) z } ... on C { x: y(n: 2) z } } }');
    expect(print(toPlannable(document, { ...required, joinsTypes: true }).document).replace(/\s+/g, ' ')).toBe(
      '{ a { ... on B { _0_x: y(n: 1) z } ... on C { _1_x: y(n: 2) z } } }',
    );
    expect(toPlannable(document, required).document).toBe(document);
  });

  it('takes no key that the client uses', () => {
    expect(plannable('{ a { id: name _0_id: title } }')).toBe('{ a { _1_id: name _0_id: title } }');
  });

  it('keeps the planner’s variables free, and renames the values with them', () => {
    const { document, rename } = toPlannable(
      parse('query ($representations: Int, $n: Int) { a(x: $representations, y: $n) }'),
      required,
    );
    expect(print(document)).toContain('$_0_representations: Int');
    expect(rename({ representations: 1, n: 2 })).toEqual({ _0_representations: 1, n: 2 });
  });
});

describe('what a planner may add', () => {
  it('is read from keys, required fields and contexts, nested ones included', () => {
    const { all, withArguments, plain } = collectRequiredNames(
      parse(`schema { mutation: M } type M { sku: Int } type T @join__type(graph: A, key: "id { x }") @join__type(graph: B, key: "sku") {
        cost: Int @join__field(graph: B, requires: "weight price(currency: \\"USD\\") { cents }", provides: "ignored")
        field: Int @join__field(graph: A, contextArguments: [{context: "c", name: "a", type: "String", selection: " { prop }"}])
      }`),
    );
    expect([...all].sort()).toEqual(['__typename', 'cents', 'id', 'price', 'prop', 'sku', 'weight', 'x']);
    expect([...withArguments]).toEqual(['price']);
    expect([...plain].sort()).toEqual(['cents', 'id', 'prop', 'weight', 'x']);
  });
});
