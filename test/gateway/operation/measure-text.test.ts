import { describe, expect, it } from '@jest/globals';
import { measureText } from '../../../gateway/operation/measure-text.ts';
import { createRandom } from '../../federation/support/random-operation.ts';
import { measureDocument } from './measure-document.ts';

describe('an operation measured in its text', () => {
  it.each([
    '{ a }',
    'query Q($a: [[Int!]!]! = [[1, 2], []] @d(x: [1]), $b: I = { c: { d: [] } }) @e { a(b: $a, c: "}{", d: """ } """) @f { ...F } }  fragment F on T @g { x: y { ...G } } fragment G on T { z ... @h { w } ... on T { v } }',
    '{ ... { ... on Query { a } b { ... { c } } } d } # } }',
    '{ ...A ...A x { ...A } } fragment A on Query { ...B b } fragment B on Query { c @d e: f }',
    '{ ...A } fragment A on Query { ...B a } fragment B on Query { ...A b }',
    '{ ...Unknown }',
    '{ on fragment query type: on { true(null: true, enum: ON) } __typename __schema { a } s: __type(name: "a") { b } }',
    'query A { a } mutation B @c { d(e: -1.5e3, f: {}) } subscription { g, h, i }',
  ])('measures as much as in what the parser makes of it: %s', (text) => {
    expect(measureText(text)).toEqual(measureDocument(text));
  });

  it('measures as much, whatever the operation', () => {
    const seed = Date.now();
    const random = createRandom(seed);
    for (let count = 0; count < 2_000; count++) {
      const text = randomDocument(random);
      const measured = measureText(text);
      if (JSON.stringify(measured) !== JSON.stringify(measureDocument(text)))
        throw new Error(`seed ${seed}: ${text}\n${JSON.stringify(measured)}\n${JSON.stringify(measureDocument(text))}`);
    }
  });

  it.each([
    '',
    '{',
    '{ a',
    '{ a }}',
    'query',
    'type A { a: Int }',
    '{ a } type B { b: Int }',
    '{ a(b: ) }',
    '{ a(b: [1) }',
    '{ a ... }',
    'fragment F { a }',
    'query ($a) { b }',
    '{ a: }',
    '}{',
    '{ a @ }',
    '"a" "b" { c }',
  ])('is not measured where there is none: %s', (text) => {
    expect(measureText(text) ?? []).toEqual([]);
  });

  it('ends for any text', () => {
    const random = createRandom(7);
    const parts = [
      '{',
      '}',
      '(',
      ')',
      '[',
      ']',
      ':',
      '=',
      '!',
      '$',
      '@',
      '...',
      ' a ',
      ' on ',
      ' query ',
      ' fragment ',
      '1',
      '"s"',
    ];
    for (let count = 0; count < 5_000; count++)
      measureText(Array.from({ length: 30 }, () => parts[Math.floor(random() * parts.length)]).join(''));
  });

  it('counts what fragments of fragments become without spreading them', () => {
    const bomb = `{ ...F0 } ${Array.from({ length: 60 }, (_, n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`).join(' ')} fragment F60 on Query { a }`;
    expect(measureText(bomb)?.[0]).toMatchObject({ maxFields: 2 ** 60, maxDepth: 62 });
  });

  it('measures what is nested more deeply than a stack reaches', () => {
    expect(measureText(`{ a(b: ${'['.repeat(7_000)}${']'.repeat(7_000)}) }`)?.[0]?.maxInputDepth).toBe(7_000);
    expect(measureText(`${'{ a '.repeat(5_000)}${'}'.repeat(5_000)}`)?.[0]?.maxDepth).toBe(5_000);
  });
});

function randomDocument(random: () => number): string {
  const pick = (count: number) => Math.floor(random() * count);
  const maybe = (share: number, make: () => string) => (random() < share ? make() : '');
  const name = () => 'abcdef'[pick(6)] as string;
  const value = (depth: number): string => {
    const kind = pick(depth > 3 ? 4 : 6);
    if (kind === 4) return `[${Array.from({ length: pick(4) }, () => value(depth + 1)).join(' ')}]`;
    if (kind === 5)
      return `{${Array.from({ length: pick(3) }, (_, index) => `k${index}: ${value(depth + 1)}`).join(', ')}}`;
    return ['1', '"x } {"', '$v', 'ENUM'][kind] as string;
  };
  const given = () => `(${Array.from({ length: 1 + pick(2) }, (_, index) => `g${index}: ${value(0)}`).join(' ')})`;
  const directives = () => maybe(0.2, () => ` @${name()}${maybe(0.5, given)} `);
  const selections = (depth: number): string =>
    `{ ${Array.from({ length: 1 + pick(3) }, () => selection(depth)).join(' ')} }`;
  const selection = (depth: number): string => {
    const kind = pick(depth > 4 ? 2 : 4);
    if (kind === 0) return `...F${pick(4)}${directives()}`;
    if (kind === 1)
      return `${maybe(0.3, () => `${name()}: `)}${maybe(0.1, () => '__type') || name()}${maybe(0.3, given)}${directives()}`;
    if (kind === 2) return `...${maybe(0.5, () => ' on T')}${directives()} ${selections(depth + 1)}`;
    return `${name()}${maybe(0.3, given)}${directives()} ${selections(depth + 1)}`;
  };
  // Each spreads those after it alone: what a cycle counts depends on where it is entered.
  const fragments = [0, 1, 2].map(
    (index) =>
      `fragment F${index} on T${directives()} ${selections(1).replace(/\.\.\.F(\d)/g, (_, at: string) => `...F${Math.max(Number(at), index + 1)}`)}`,
  );
  const operations = Array.from(
    { length: 1 + pick(2) },
    (_, index) =>
      `query Q${index}${maybe(0.3, () => `($v: [Int!]! = ${value(0).replaceAll('$v', '7')})`)}${directives()} ${selections(0)}`,
  );
  return [...operations, ...fragments].join('\n');
}
