import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';

const DATE_TIME = /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;
/** No exponent, no leading zeros, no sign but minus: each number has few spellings, and all databases read them. */
const DECIMAL = /^-?(0|[1-9]\d*)(\.\d+)?$/;
/** Far beyond any money, far below what makes arithmetic slow. */
const DECIMAL_MAX_LENGTH = 40;

/**
 * An instant, as RFC 3339 §5.6 writes it; always in UTC on the way out, to the millisecond. A `Date` in resolvers.
 * Dates that are not in the calendar (30 February) are refused.
 */
export const DateTime = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description: 'An instant as RFC 3339 writes it, in UTC: `2026-07-04T09:30:00.000Z`.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  serialize(value) {
    if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString();
    throw new TypeError('A DateTime must be resolved to a valid Date.');
  },
  parseValue: readDateTime,
  parseLiteral(node) {
    return readDateTime(node.kind === Kind.STRING ? node.value : undefined);
  },
});

/** An exact decimal number: a string in resolvers and on the wire, never a float. Integers are accepted as input too. */
export const Decimal = new GraphQLScalarType<string, string>({
  name: 'Decimal',
  description: 'An exact decimal number, as text so that nothing is rounded on its way: `"12.50"`.',
  serialize(value) {
    if (typeof value === 'string' && isDecimal(value)) return value;
    throw new TypeError('A Decimal must be resolved to text such as "12.50".');
  },
  parseValue(value) {
    return readDecimal(Number.isSafeInteger(value) ? String(value) : value);
  },
  parseLiteral(node) {
    return readDecimal(node.kind === Kind.STRING || node.kind === Kind.INT ? node.value : undefined);
  },
});

function readDateTime(value: unknown): Date {
  const parts = typeof value === 'string' ? DATE_TIME.exec(value) : null;
  if (parts !== null && isInCalendar(Number(parts[1]), Number(parts[2]), Number(parts[3]))) return new Date(parts[0]);
  throw new GraphQLError('A DateTime is text as in RFC 3339: "2026-07-04T09:30:00Z".');
}

/** `new Date` takes 30 February for 1 March. */
function isInCalendar(year: number, month: number, day: number): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function readDecimal(value: unknown): string {
  if (typeof value === 'string' && isDecimal(value)) return value;
  throw new GraphQLError(
    `A Decimal is text such as "12.50", of at most ${DECIMAL_MAX_LENGTH} characters, or an integer; never a float.`,
  );
}

function isDecimal(text: string): boolean {
  return text.length <= DECIMAL_MAX_LENGTH && DECIMAL.test(text);
}
