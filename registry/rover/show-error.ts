import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Log } from '../../service/logs.ts';
import { RegistryError } from '../errors.ts';
import { concealFault } from '../fault.ts';
import { toRegistryError } from '../storage/unavailable.ts';

/**
 * Makes Apollo Server's `formatError`: a coded error is shown with its code and message, and so is what graphql-js says of the
 * request itself; anything else is a bug, logged whole and shown masked.
 */
export function createErrorFormat(
  log: Log,
): (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError {
  return (formatted, error) => {
    const thrown = toUnstorable(toRegistryError(unwrapResolverError(error)));
    if (thrown instanceof RegistryError) {
      if (thrown.cause !== undefined) log.warn({ err: thrown }, thrown.message);
      return { ...formatted, message: thrown.message, extensions: { code: thrown.code } };
    }
    if (thrown instanceof GraphQLError) return formatted;
    return {
      ...formatted,
      message: concealFault(log, thrown, 'an answer to rover failed'),
      extensions: { code: 'INTERNAL_SERVER_ERROR' },
    };
  };
}

/** SQLSTATE of what has a NUL, or half a character, where Postgres takes neither. */
const UNSTORABLE = ['22021', '22P05'];

function toUnstorable(error: unknown): unknown {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && UNSTORABLE.includes(String(cause.code))) {
      return new RegistryError('BAD_REQUEST', 'A text has a character that cannot be kept, such as NUL.');
    }
  }
  return error;
}
