import { describe, expect, it } from '@jest/globals';
import { parse, print } from 'graphql';
import { applyConditions, conditionVariables } from '../../planning/conditions.ts';

const applied = (query: string, conditions: Record<string, boolean> = {}) =>
  print(applyConditions(parse(query), new Map(Object.entries(conditions)))).replace(/\s+/g, ' ');

describe('the conditions of an operation', () => {
  it('are named by the variables of @skip and @include, wherever they stand', () => {
    const document = parse(
      'query ($a: Boolean!, $b: Boolean!, $n: Int) { x(n: $n) @skip(if: $b) ...F @include(if: true) } fragment F on Q { y @include(if: $a) }',
    );
    expect(conditionVariables(document)).toEqual(['a', 'b']);
  });

  it.each([
    ['a field that is skipped', '{ a b @skip(if: $v) }', { v: true }, '{ a }'],
    ['a field that is not skipped', '{ a b @skip(if: $v) }', { v: false }, '{ a b }'],
    [
      'a fragment that is not included',
      '{ a ... @include(if: $v) { b } ...F @include(if: $v) }',
      { v: false },
      '{ a }',
    ],
    ['both, one of which says no', '{ a b @skip(if: $v) @include(if: $w) }', { v: false, w: false }, '{ a }'],
    ['a literal', '{ a @skip(if: true) b @include(if: true) }', {}, '{ b }'],
    ['all of an object', '{ a { b @skip(if: $v) } }', { v: true }, '{ a { __typename } }'],
    ['other directives', '{ a @other b @skip(if: $v) @other }', { v: false }, '{ a @other b @other }'],
  ] as const)('are applied to %s', (_, query, conditions, expected) => {
    expect(applied(query, conditions)).toBe(expected);
  });
});
