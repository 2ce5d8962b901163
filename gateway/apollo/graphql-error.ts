import type { GatewayGraphQLRequestContext } from '@apollo/server-gateway-interface';
import { GraphQLError, Source } from 'graphql';
import { GatewayError } from '../errors.ts';
import type { ResponseError } from '../execution/subgraph-error.ts';
import { GraphQLErrors } from '../operation/graphql-errors.ts';

/** An error beside data, as the value that Apollo Server shows to plugins and formats. @param text the client's query */
export function toGraphQLError({ message, path, locations, extensions }: ResponseError, text: string): GraphQLError {
  return new GraphQLError(message, {
    extensions,
    ...(path === undefined ? {} : { path }),
    ...(locations === undefined ? {} : { source: new Source(text), positions: toPositions(locations, text) }),
  });
}

/**
 * The errors of a request that was not executed. Apollo Server takes the status from `extensions.http`, which it does not
 * show. What is not a coded error is a fault of ours: logged whole, shown masked.
 */
export function toRefusal(error: unknown, { source, logger }: GatewayGraphQLRequestContext): readonly GraphQLError[] {
  // Thrown by what the team gave us, in Apollo Server's own terms.
  if (error instanceof GraphQLError) return [error];
  if (error instanceof GatewayError) {
    const http = {
      status: error.status,
      ...(error.code === 'OVERLOADED' ? { headers: new Map([['retry-after', '1']]) } : {}),
    };
    const told = error instanceof GraphQLErrors ? error.errors : [error];
    return told.map(({ message, extensions, ...place }) =>
      toGraphQLError(
        {
          message,
          extensions: { ...extensions, code: error.code, http },
          ...('path' in place && place.path !== undefined ? { path: place.path } : {}),
          ...('locations' in place && place.locations !== undefined ? { locations: place.locations } : {}),
        },
        source,
      ),
    );
  }
  logger.error(error);
  return [
    new GraphQLError('Internal server error', {
      originalError: error instanceof Error ? error : new Error(String(error)),
      extensions: { code: 'INTERNAL_SERVER_ERROR', http: { status: 500 } },
    }),
  ];
}

/** Lines and columns, counted from 1, as offsets. */
function toPositions(locations: NonNullable<ResponseError['locations']>, text: string): number[] {
  const starts = [0, ...[...text.matchAll(/\r\n|[\n\r]/g)].map(({ index, 0: end }) => index + end.length)];
  return locations.map(({ line, column }) => (starts[line - 1] ?? 0) + column - 1);
}
