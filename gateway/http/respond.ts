import Negotiator from 'negotiator';
import { ERRORS, GatewayError } from '../errors.ts';
import { GraphQLErrors } from '../operation/graphql-errors.ts';

/** The media types of a response (GraphQL over HTTP, 6.4); the first is what a client without a preference gets. */
const MEDIA_TYPES = ['application/json', 'application/graphql-response+json'] as const;
export type MediaType = (typeof MEDIA_TYPES)[number];

/** An answer, ready to be written. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** Clients send a handful of headers, over and over; what attackers send is not kept. */
const COMMON: ReadonlyMap<string, MediaType> = new Map([
  ['*/*', 'application/json'],
  ['application/json', 'application/json'],
  ['application/graphql-response+json', 'application/graphql-response+json'],
  ['application/graphql-response+json, application/json', 'application/graphql-response+json'],
]);

/** Chooses by `accept`. @throws {GatewayError} `NOT_ACCEPTABLE` */
export function negotiate(accept: string | undefined): MediaType {
  if (accept === undefined) return 'application/json';
  const chosen = COMMON.get(accept) ?? new Negotiator({ headers: { accept } }).mediaType([...MEDIA_TYPES]);
  if (chosen !== undefined) return chosen as MediaType;
  throw new GatewayError('NOT_ACCEPTABLE', `A GraphQL response is ${MEDIA_TYPES.join(' or ')}; accept one of them.`);
}

/** The answer to a request that was executed: 200, also with errors beside the data. */
export function respond(body: Buffer, mediaType: MediaType): HttpAnswer {
  return { status: 200, headers: headersFor(mediaType), body };
}

/**
 * The answer to a request that was refused. With `application/json` a well-formed request whose GraphQL is wrong gets 200,
 * because old clients take another status for a broken connection; `application/graphql-response+json` gets the true status
 * (GraphQL over HTTP, 6.4.1 and 6.4.2).
 */
export function respondToError(error: GatewayError, mediaType: MediaType): HttpAnswer {
  const errors =
    error instanceof GraphQLErrors
      ? error.errors
      : [{ message: error.message, extensions: { ...error.extensions, code: error.code } }];
  const isGraphQL = REFUSED_BY_GRAPHQL.has(error.code);
  const headers: Record<string, string> = headersFor(mediaType);
  if (error.code === 'UNAUTHENTICATED') {
    headers['www-authenticate'] =
      `Bearer error="invalid_token", error_description="${error.message.replaceAll('"', "'")}"`;
  }
  if (error.code === 'OVERLOADED') headers['retry-after'] = '1';
  if (error.code === 'METHOD_NOT_ALLOWED') headers.allow = 'GET, POST';
  return {
    status: isGraphQL && mediaType === 'application/json' ? 200 : ERRORS[error.code].status,
    headers,
    body: JSON.stringify({ errors }),
  };
}

const REFUSED_BY_GRAPHQL: ReadonlySet<string> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_LIMIT_EXCEEDED',
  'OPERATION_NOT_SUPPORTED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_USER_INPUT',
]);

function headersFor(mediaType: MediaType): Record<string, string> {
  return { 'content-type': `${mediaType}; charset=utf-8`, 'cache-control': 'no-store', vary: 'accept' };
}
