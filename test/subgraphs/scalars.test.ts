import { describe, expect, it } from '@jest/globals';
import { parseValue } from 'graphql';
import { DateTime, Decimal } from '../../subgraphs/scalars.ts';

describe('DateTime', () => {
  it.each([
    ['2026-07-04T09:30:00Z', '2026-07-04T09:30:00.000Z'],
    ['2026-07-04T09:30:00.5Z', '2026-07-04T09:30:00.500Z'],
    ['2026-07-04T09:30:00.123456789Z', '2026-07-04T09:30:00.123Z'],
    ['2026-07-04T00:30:00+02:00', '2026-07-03T22:30:00.000Z'],
    ['2028-02-29T23:59:59Z', '2028-02-29T23:59:59.000Z'],
  ])('reads %s', (text, instant) => {
    expect(DateTime.parseValue(text)).toEqual(new Date(instant));
    expect(DateTime.parseLiteral(parseValue(JSON.stringify(text)))).toEqual(new Date(instant));
  });

  it.each([
    '2026-02-29T00:00:00Z',
    '2026-00-10T00:00:00Z',
    '2026-13-10T00:00:00Z',
    '2026-07-04T24:00:00Z',
    '2026-07-04T09:30:60Z',
    '2026-07-04T09:30Z',
    '2026-07-04T09:30:00',
    '2026-07-04 09:30:00Z',
    '2026-07-04',
    '4 July 2026',
    '',
    0,
    null,
    {},
  ])('refuses %p', (value) => {
    expect(() => DateTime.parseValue(value)).toThrow('RFC 3339');
  });

  it('refuses a literal that is not text', () => {
    expect(() => DateTime.parseLiteral(parseValue('1783157400'))).toThrow('RFC 3339');
  });

  it('is written in UTC, and only from a valid Date', () => {
    expect(DateTime.serialize(new Date('2026-07-04T09:30:00+02:00'))).toBe('2026-07-04T07:30:00.000Z');
    expect(() => DateTime.serialize(new Date('nonsense'))).toThrow(TypeError);
    expect(() => DateTime.serialize('2026-07-04T09:30:00Z')).toThrow(TypeError);
  });
});

describe('Decimal', () => {
  it.each(['0', '12.50', '-0.01', '9007199254740993', '123456789012345678901234567890.123456789'])(
    'carries %s through without a digit more or less',
    (text) => {
      expect(Decimal.parseValue(text)).toBe(text);
      expect(Decimal.parseLiteral(parseValue(JSON.stringify(text)))).toBe(text);
      expect(Decimal.serialize(text)).toBe(text);
    },
  );

  it('reads integers', () => {
    expect(Decimal.parseValue(12)).toBe('12');
    expect(Decimal.parseLiteral(parseValue('9007199254740993'))).toBe('9007199254740993');
  });

  it.each([
    '',
    '1,5',
    '1e3',
    '.5',
    '5.',
    '+1',
    '01',
    ' 1',
    'NaN',
    'Infinity',
    '1'.repeat(41),
    0.1,
    2 ** 53,
    Number.NaN,
    null,
    {},
  ])('refuses %p', (value) => {
    expect(() => Decimal.parseValue(value)).toThrow('never a float');
  });

  it('refuses a literal with a point, which others would read as a float', () => {
    expect(() => Decimal.parseLiteral(parseValue('12.50'))).toThrow('never a float');
  });

  it('is never written from a number', () => {
    expect(() => Decimal.serialize(12.5)).toThrow(TypeError);
  });
});
