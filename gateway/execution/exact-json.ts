import { type GraphQLLeafType, isScalarType, isSpecifiedScalarType } from 'graphql';

/**
 * JSON whose numbers keep their digits. `JSON.parse` makes doubles of them: 9007199254740993 becomes 9007199254740992, a
 * number with twenty decimals loses four, 1e400 becomes infinite and is written as `null`. What a double cannot hold is
 * kept as its text here, and `JSON.stringify` writes that text again.
 *
 * A hot path, and one that nearly never finds anything: a scan decides whether `JSON.parse` alone will do.
 */

/** A number as it was written, by the proposal "JSON.parse source text access" (Node has it since version 22). */
export interface ExactNumber {
  readonly rawJSON: string;
}

declare global {
  interface JSON {
    rawJSON(text: string): ExactNumber;
    isRawJSON(value: unknown): value is ExactNumber;
    parse(
      text: string,
      reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
    ): unknown;
  }
}

/** What any number with more than 15 significant digits has in it. Written out, because V8 then looks at every eighth character. */
const LONG = new RegExp('[0-9.]'.repeat(16), 'g');

/** What any other number has in it that no double can hold: an exponent of three digits, at the end of a number. */
const WIDE = /[0-9][eE][-+0-9][0-9][0-9]+(?:[\s,\]}]|$)/g;

/** Whole numbers, and nothing else: what `ID` and `String` can take as it is. */
const WHOLE = /^-?[0-9]+$/;

/**
 * Parses JSON as `JSON.parse` does, but numbers that would lose digits become an `ExactNumber`.
 *
 * @param isAnyWidth whether numbers beyond the range of doubles (1e400) count as well: only custom scalars could pass them
 * on, and to look for them costs twice what looking for long ones costs
 * @throws {SyntaxError} for what is not JSON
 */
export function parseExact(text: string, isAnyWidth = true): unknown {
  if (!losesDigits(text, LONG) && !(isAnyWidth && losesDigits(text, WIDE))) return JSON.parse(text);
  return JSON.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && !isHeld(source) ? JSON.rawJSON(source) : value,
  );
}

export function isExactNumber(value: unknown): value is ExactNumber {
  return JSON.isRawJSON(value);
}

/**
 * A value as `type.serialize` takes it. A custom scalar passes an exact number on; `ID` and `String` take a whole one by its
 * digits; to all others it is the number that the nearest double is: `Int` refuses it, `Float` rounds it.
 */
export function toSerializable(type: GraphQLLeafType, value: unknown): unknown {
  if (!isExactNumber(value)) return value;
  if (isScalarType(type) && !isSpecifiedScalarType(type)) return value;
  const takesDigits = type.name === 'ID' || type.name === 'String';
  return takesDigits && WHOLE.test(value.rawJSON) ? value.rawJSON : Number(value.rawJSON);
}

/** Whether some number at a match of the pattern would. Inside of strings it can be mistaken: that costs time, no more. */
function losesDigits(text: string, pattern: RegExp): boolean {
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    let start = match.index;
    while (isOfNumber(text, start - 1)) start--;
    let end = match.index + 1;
    while (isOfNumber(text, end)) end++;
    pattern.lastIndex = end;
    // A number follows no quotation mark: most long rows of digits are the whole of a string.
    if (text[start - 1] !== '"' && !isHeld(text.slice(start, end))) return true;
  }
  return false;
}

/** Digits, and what stands between them: `+ - . E e`. */
function isOfNumber(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return (code >= 48 && code <= 57) || code === 43 || code === 45 || code === 46 || code === 69 || code === 101;
}

/** Whether a double holds a number: printed again, it has the same digits at the same places. */
function isHeld(number: string): boolean {
  const printed = String(Number(number));
  return printed === number || (printed !== 'NaN' && toCanonical(printed) === toCanonical(number));
}

/** One text for all ways to write a number: its digits without zeros around them, and the power of ten of the last one. */
function toCanonical(number: string): string {
  const [, sign = '', whole = '', decimals = '', exponent = '0'] =
    /^(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([-+]?[0-9]+))?$/.exec(number) ?? [];
  const digits = (whole + decimals).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return whole === '' ? number : '0';
  return `${sign}${significant}e${Number(exponent) - decimals.length + digits.length - significant.length}`;
}
