import { GraphQLError, GraphQLScalarType } from 'graphql';

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** A moment: a `Date` in resolvers, text as in RFC 3339 outside. Rover takes no number for one. */
export const Timestamp = new GraphQLScalarType<Date, string>({
  name: 'Timestamp',
  serialize(value) {
    if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString();
    throw new TypeError('A Timestamp must be resolved to a valid Date.');
  },
  parseValue(value) {
    const date = new Date(typeof value === 'string' && MOMENT.test(value) ? value : Number.NaN);
    if (Number.isNaN(date.getTime()))
      throw new GraphQLError('A Timestamp is text as in RFC 3339: "2026-07-04T09:30:00Z".');
    return date;
  },
});
