import type { GraphQLFormattedError } from 'graphql';
import { type ErrorCode, GatewayError } from '../errors.ts';

/** Several things wrong with one request, each with its place in the text: all are told at once. */
export class GraphQLErrors extends GatewayError {
  readonly errors: readonly GraphQLFormattedError[];

  constructor(code: ErrorCode, errors: readonly GraphQLFormattedError[]) {
    super(code, errors[0]?.message ?? 'The request is not valid.');
    this.errors = errors.map((error) => ({ ...error, extensions: { ...error.extensions, code } }));
  }
}
