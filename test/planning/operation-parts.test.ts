import { describe, expect, it } from '@jest/globals';
import { parse, print } from 'graphql';
import { takeApart } from '../../planning/operation-parts.ts';

const show = (text: string, from: number, to: number) => {
  const parts = takeApart(parse(text), undefined);
  return parts && print(parts.only(from, to)).replace(/\s+/g, ' ');
};

describe('an operation taken apart', () => {
  const text = 'query ($n: Int) { a { b c: d(n: $n) } ...F } fragment F on Query { a { ... on T { e } } }';

  it('has its leaves in the order of the text, those of fragments written out', () => {
    expect(takeApart(parse(text), undefined)?.leaves).toBe(3);
  });

  it.each([
    [0, 1, 'query ($n: Int) { a { b } }'],
    [1, 2, 'query ($n: Int) { a { c: d(n: $n) } }'],
    [1, 3, 'query ($n: Int) { a { c: d(n: $n) } ... on Query { a { ... on T { e } } } }'],
  ])('asks for leaves %i to %i, with what leads to them', (from, to, expected) => {
    expect(show(text, from, to)).toBe(expected);
  });

  it('is not done to a mutation, whose fields must not be asked for twice', () => {
    expect(takeApart(parse('mutation { a b }'), undefined)).toBeUndefined();
  });
});
