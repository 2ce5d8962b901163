import { describe, expect, it } from '@jest/globals';
import { parse, print } from 'graphql';
import { takeApart } from '../../planning/operation-parts.ts';

const show = (text: string, from: number, to: number) => {
  const [parts] = takeApart(parse(text), undefined);
  return parts && print(parts.only(from, to)).replace(/\s+/g, ' ');
};

describe('an operation taken apart', () => {
  const text = 'query ($n: Int) { a { b c: d(n: $n) } ...F } fragment F on Query { a { ... on T { e } } }';

  it('has its leaves in the order of the text, those of fragments written out', () => {
    expect(takeApart(parse(text), undefined).map(({ leaves }) => leaves)).toEqual([3]);
  });

  it.each([
    [0, 1, 'query ($n: Int) { a { b } }'],
    [1, 2, 'query ($n: Int) { a { c: d(n: $n) } }'],
    [1, 3, 'query ($n: Int) { a { c: d(n: $n) } ... on Query { a { ... on T { e } } } }'],
  ])('asks for leaves %i to %i, with what leads to them', (from, to, expected) => {
    expect(show(text, from, to)).toBe(expected);
  });

  it('has the fields of a mutation one by one, in the order of their keys', () => {
    const parts = takeApart(parse('mutation { a { b } c: d ... on Mutation { a { e } } }'), undefined);
    expect(parts.map(({ leaves, only }) => print(only(0, leaves)).replace(/\s+/g, ' '))).toEqual([
      'mutation { a { b } a { e } }',
      'mutation { c: d }',
    ]);
  });

  it('is not done to a subscription', () => {
    expect(takeApart(parse('subscription { a b }'), undefined)).toEqual([]);
  });
});
