import { describe, expect, it } from '@jest/globals';
import { buildSchema } from 'graphql';
import { validateOperations } from '../../../registry/check/validate-operations.ts';

const schema = buildSchema(`
  type Query { a(old: Int @deprecated(reason: "use new"), e: E, i: I): Int b: Int @deprecated(reason: "use a") }
  enum E { P Q @deprecated(reason: "use P") } input I { x: Int @deprecated(reason: "use y") y: Int }`);

const show = (body: string) =>
  validateOperations(schema, [{ name: 'Q', body }]).map(
    ({ type, code, operationName }) => `${type} ${code} ${operationName}`,
  );

describe("a client's operations", () => {
  it.each([
    ['are fine', 'query Q { a }', []],
    ['do not parse', 'query Q { a', ['FAILURE NON_PARSEABLE_DOCUMENT Q']],
    ['are empty', '', ['FAILURE NON_PARSEABLE_DOCUMENT Q']],
    ['ask for what is not there', 'query Q { c d }', ['FAILURE INVALID_OPERATION Q', 'FAILURE INVALID_OPERATION Q']],
    ['give a value of another type', 'query Q { a(old: "x") }', ['FAILURE INVALID_OPERATION Q']],
    ['use a deprecated field', 'query Q { b }', ['WARNING DEPRECATED_FIELD Q']],
    ['use a deprecated argument', 'query Q { a(old: 1) }', ['WARNING DEPRECATED_FIELD Q']],
    ['use a deprecated value', 'query Q { a(e: Q) }', ['WARNING DEPRECATED_FIELD Q']],
    ['use a deprecated field of an input', 'query Q { a(i: { x: 1 }) }', ['WARNING DEPRECATED_FIELD Q']],
    ['are longer than anybody writes', `query Q { ${'a '.repeat(60_000)} }`, ['FAILURE NON_PARSEABLE_DOCUMENT Q']],
  ])('%s', (_, body, expected) => {
    expect(show(body)).toEqual(expected);
  });

  it('are told each by its name, in the words of the specification', () => {
    const operations = [
      { name: null, body: '{ c }' },
      { name: 'Old', body: 'query Old { b }' },
    ];
    expect(validateOperations(schema, operations)).toEqual([
      {
        type: 'FAILURE',
        code: 'INVALID_OPERATION',
        description: 'Cannot query field "c" on type "Query".',
        operationName: null,
      },
      {
        type: 'WARNING',
        code: 'DEPRECATED_FIELD',
        description: 'The field Query.b is deprecated. use a',
        operationName: 'Old',
      },
    ]);
  });
});
