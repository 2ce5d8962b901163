import { describe, expect, it } from '@jest/globals';
import {
  GraphQLBoolean,
  GraphQLEnumType,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  type GraphQLLeafType,
  GraphQLScalarType,
  GraphQLString,
} from 'graphql';
import { isExactNumber, parseExact, toSerializable } from '../../../gateway/execution/exact-json.ts';

const LONG = '9007199254740993';
const parseOf = (text: string, isAnyWidth?: boolean) => JSON.stringify(parseExact(text, isAnyWidth));

describe('parseExact', () => {
  it.each([
    LONG,
    `-${LONG}`,
    '9223372036854775807',
    '18446744073709551615',
    '123456789012345678901234567890',
    '1000000000000000000001',
    '0.12345678901234567890',
    '1234567.12345678901234567',
    '0.1000000000000000055511151231257827',
    '12345678901234567.0',
    '1.2345678901234567890E2',
    '1e400',
    '1E+400',
    '-1e400',
    '1e-400',
    '10000e305',
    '1'.repeat(400),
  ])('keeps %s as it is written', (number) => {
    for (const text of [
      number,
      `[${number}]`,
      `{"a": ${number} ,"b":[{"c":${number}}]}`,
      `[\n${number}\n]`,
      `[0,${number},1]`,
    ])
      expect(parseOf(text)).toBe(text.replaceAll(/\s/g, ''));
    expect(isExactNumber(parseExact(number))).toBe(true);
  });

  it.each([
    '0',
    '-0',
    '1',
    '1.0',
    '1E2',
    '1e-7',
    '9007199254740991',
    '9007199254740992',
    '9007199254740994',
    '1000000000000000000000',
    '0.1',
    '0.10000000000000000000000',
    '0.30000000000000004',
    '51.507350900000006',
    '1.7976931348623157e308',
    '5e-324',
    '100e100',
    '0.0000000000000000001',
    '0e999',
  ])('gives %s as the number that it is', (number) => {
    for (const text of [number, `[${number}]`, `{"a":${number}}`]) expect(parseExact(text)).toEqual(JSON.parse(text));
  });

  it('leaves numbers beyond the range of doubles to JSON.parse when told so', () => {
    expect(parseExact('[1e400]', false)).toEqual([Number.POSITIVE_INFINITY]);
    expect(parseOf(`[${LONG}]`, false)).toBe(`[${LONG}]`);
  });

  it.each([
    `{"a":"${LONG}"}`,
    `{"${LONG}":1}`,
    `["a, ${LONG}, b","[1e400]","\\"${LONG},",":${LONG}}"]`,
    '["b3f5a1e4-7e456-4e123","00000000-0000-4000-8000-000000000001","2024-01-01T00:00:00.000000000Z"]',
    '"................................"',
  ])('takes nothing inside of a string for a number: %s', (text) => {
    expect(parseExact(text)).toEqual(JSON.parse(text));
    const beside = `[${text},${LONG}]`;
    expect(parseOf(beside)).toBe(beside);
  });

  it('finds the number among others that can be held', () => {
    const text = `[0.30000000000000004,"${LONG}",51.507350900000006,1e+100,${LONG},"x"]`;
    expect(parseOf(text)).toBe(text);
  });

  it('reads names as JSON.parse does: the last of equal ones, and __proto__ as any other', () => {
    expect(parseOf(`{"a":1,"a":${LONG}}`)).toBe(`{"a":${LONG}}`);
    expect(parseOf(`{"a":${LONG},"a":1}`)).toBe('{"a":1}');
    const value = parseExact(`{"__proto__":{"x":${LONG}},"constructor":${LONG}}`) as object;
    expect(Object.keys(value)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect('x' in {}).toBe(false);
  });

  it.each([
    '',
    '{',
    '[1,]',
    '01',
    '1.',
    '.5',
    '+1',
    'NaN',
    '{"a":1}}',
    `0${LONG}`,
    `${LONG}.`,
    `[${LONG}`,
    `${LONG}e`,
    `1.${LONG}.1`,
  ])('refuses what is not JSON: %s', (text) => expect(() => parseExact(text)).toThrow(SyntaxError));
});

describe('toSerializable', () => {
  const COLOUR = new GraphQLEnumType({ name: 'Colour', values: { RED: {} } });
  const LONG_TYPE = new GraphQLScalarType({ name: 'Long' });
  const serialized = (type: GraphQLLeafType, number: string) => {
    try {
      return JSON.stringify(type.serialize(toSerializable(type, parseExact(number))));
    } catch (error) {
      return (error as Error).message;
    }
  };

  it.each([
    { type: LONG_TYPE, number: LONG, expected: LONG },
    { type: LONG_TYPE, number: '1e400', expected: '1e400' },
    { type: GraphQLID, number: LONG, expected: `"${LONG}"` },
    { type: GraphQLID, number: `-${LONG}`, expected: `"-${LONG}"` },
    { type: GraphQLID, number: '1234567890.123456789', expected: 'ID cannot represent value: 1234567890.1234567' },
    { type: GraphQLID, number: '1e400', expected: 'ID cannot represent value: Infinity' },
    { type: GraphQLString, number: LONG, expected: `"${LONG}"` },
    { type: GraphQLString, number: '0.12345678901234567890', expected: '"0.12345678901234568"' },
    {
      type: GraphQLInt,
      number: '9007199254740993',
      expected: 'Int cannot represent non 32-bit signed integer value: 9007199254740992',
    },
    { type: GraphQLInt, number: '1e400', expected: 'Int cannot represent non-integer value: Infinity' },
    { type: GraphQLFloat, number: LONG, expected: '9007199254740992' },
    { type: GraphQLFloat, number: '1e400', expected: 'Float cannot represent non numeric value: Infinity' },
    { type: GraphQLBoolean, number: LONG, expected: 'true' },
    { type: COLOUR, number: LONG, expected: 'Enum "Colour" cannot represent value: 9007199254740992' },
  ])('$type takes $number as $expected', ({ type, number, expected }) => {
    expect(serialized(type, number)).toBe(expected);
  });

  it('leaves any other value as it is', () => {
    const value = { rawJSON: LONG };
    expect(toSerializable(GraphQLID, value)).toBe(value);
    expect(toSerializable(GraphQLInt, 7)).toBe(7);
  });
});
