import { describe, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import { collectCostRules } from '../../planning/cost-rules.ts';
import { composeOrThrow } from '../support/test-gateway.ts';

const link = (...imports: string[]) =>
  `extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key", "@shareable", ${imports.join(', ')}])\n`;

/** The rules of a supergraph that is composed of these. */
function rulesOf(...sdls: string[]) {
  const subgraphs = sdls.map((sdl, index) => ({ name: `s${index}`, url: 'http://127.0.0.1:1', sdl }));
  return collectCostRules(parse(composeOrThrow(subgraphs)));
}

describe('what a supergraph says of costs', () => {
  it('is of all places where it can be said', () => {
    const sdl = `${link('"@cost"', '"@listSize"')}
      directive @exact(digits: Int @cost(weight: 4)) on FIELD
      type Query @cost(weight: 2) {
        list(first: Int @cost(weight: 3), in: In): [T] @cost(weight: 5) @listSize(slicingArguments: ["first"], sizedFields: ["parts"], assumedSize: 7, requireOneSlicingArgument: false)
        plain: S
      }
      interface I { parts: [String] @listSize(assumedSize: 8) }
      type T implements I { parts: [String] kind: E }
      input In { x: Int @cost(weight: -1) y: Int }
      scalar S @cost(weight: 6)
      enum E @cost(weight: 9) { A }`;
    expect(rulesOf(sdl)).toEqual({
      types: new Map([
        ['E', 9],
        ['Query', 2],
        ['S', 6],
      ]),
      fields: new Map([
        [
          'I.parts',
          {
            weight: undefined,
            arguments: new Map(),
            listSize: { assumedSize: 8, slicingArguments: [], sizedFields: [], requireOneSlicingArgument: true },
          },
        ],
        [
          'Query.list',
          {
            weight: 5,
            arguments: new Map([['first', 3]]),
            listSize: {
              assumedSize: 7,
              slicingArguments: ['first'],
              sizedFields: ['parts'],
              requireOneSlicingArgument: false,
            },
          },
        ],
      ]),
      inputFields: new Map([['In.x', -1]]),
      directiveArguments: new Map([['@exact.digits', 4]]),
    });
  });

  it('is what composition makes of several subgraphs', () => {
    const one = `${link('"@cost"', '"@listSize"')} type Query { list(a: Int, b: Int): [Int] @shareable @cost(weight: 2) @listSize(slicingArguments: ["a"], assumedSize: 5, requireOneSlicingArgument: false) }`;
    const other = `${link('"@cost"', '"@listSize"')} type Query { list(a: Int, b: Int): [Int] @shareable @cost(weight: 4) @listSize(slicingArguments: ["b"], assumedSize: 3) }`;
    expect(rulesOf(one, other).fields.get('Query.list')).toEqual({
      weight: 4,
      arguments: new Map(),
      listSize: { assumedSize: 5, slicingArguments: ['a', 'b'], sizedFields: [], requireOneSlicingArgument: false },
    });
  });

  it.each([
    ['other names', link('{ name: "@cost", as: "@price" }', '{ name: "@listSize", as: "@size" }'), 'price', 'size'],
    ['the names of the federation', link('"@tag"'), 'federation__cost', 'federation__listSize'],
    ['one of them imported', link('"@cost"'), 'cost', 'federation__listSize'],
  ])('is found under %s', (_, imports, cost, listSize) => {
    const rules = rulesOf(`${imports} type Query { list: [Int] @${cost}(weight: 5) @${listSize}(assumedSize: 2) }`);
    expect(rules.fields.get('Query.list')).toMatchObject({ weight: 5, listSize: { assumedSize: 2 } });
  });

  it('is found where one of the two is not used', () => {
    const rules = rulesOf(`${link('"@cost"')} type Query { a: Int @cost(weight: 5) }`);
    expect(rules.fields.get('Query.a')?.weight).toBe(5);
  });

  it('is nothing where a subgraph has a directive of its own by that name', () => {
    const sdl = 'directive @cost(weight: Int!) on FIELD_DEFINITION type Query { a: Int @cost(weight: 5) }';
    expect(rulesOf(sdl)).toEqual({
      types: new Map(),
      fields: new Map(),
      inputFields: new Map(),
      directiveArguments: new Map(),
    });
  });
});
