import { describe, expect, it } from '@jest/globals';
import { Lexer, Source, TokenKind } from 'graphql';
import { hasMoreTokens } from '../../../gateway/operation/token-count.ts';

/** As the parser counts them. */
function tokensIn(text: string): number {
  const lexer = new Lexer(new Source(text));
  let count = 0;
  while (lexer.advance().kind !== TokenKind.EOF) count++;
  return count;
}

/** The most that it has more tokens than; a text cannot have more than characters. */
function countOf(text: string): number {
  let most = 0;
  while (hasMoreTokens(text, most)) most++;
  return most;
}

describe('the tokens of a text', () => {
  it.each([
    'query Q($id: ID! = "a", $n: [Int] = [1, -2, 3.5e+10]) @a { me { ...F ... on User @include(if: true) { id } } }',
    '{ a, b,, c } # { not these } ...\r\n{ d }\n#',
    '{ a(text: "with # and \\" and , and ... in it", empty: "") }',
    '{ a(text: """block \\""" of "several"\nlines # """, more: """""") }',
    '\ufeff{ a(text: "äöü 😀") }',
    'fragment F on User { a...F b ...G}',
    'type T implements A & B { a(b: C): D! | E }',
    '{a{b{c{d}}}}',
  ])('are as many as the parser has: %s', (text) => {
    expect(countOf(text)).toBe(tokensIn(text));
  });

  it('are never more than the parser has, whatever the text is', () => {
    const parts = [
      'a',
      '1',
      '-',
      '.',
      '...',
      '"',
      '"""',
      '\\',
      '#',
      '\n',
      ' ',
      ',',
      '{',
      '$',
      'é',
      '\0',
      '-1.5',
      '1e5',
    ];
    let seed = 1;
    const next = (below: number) => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % below;
    };
    for (let round = 0; round < 5_000; round++) {
      const text = Array.from({ length: 1 + next(12) }, () => parts[next(parts.length)]).join('');
      let count: number;
      try {
        count = tokensIn(text);
      } catch {
        // What is no GraphQL is refused in any case.
        continue;
      }
      expect([text, countOf(text) <= count]).toEqual([text, true]);
    }
  });

  it('of a long string with a million escapes are counted without running out of stack', () => {
    expect(hasMoreTokens(`{ a(b: """${'\\"""'.repeat(250_000)}""") }`, 7)).toBe(true);
    expect(hasMoreTokens(`{ a(b: """${'\\"""'.repeat(250_000)}""") }`, 8)).toBe(false);
  });
});
