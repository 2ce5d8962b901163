import { ERRORS, type GatewayError } from '../errors.ts';
import { digestOf, isMatch } from '../etag.ts';
import { parseExact } from '../execution/exact-json.ts';
import { isObject, readOwn } from '../execution/own.ts';
import { refusalHeaders } from '../guard/refusal-headers.ts';
import { GraphQLErrors } from '../operation/graphql-errors.ts';
import type { Answer } from '../pipeline.ts';
import type { StoredOperation } from './stored-operation.ts';

/** An answer of a route, ready to be written. */
export interface RestAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A request, as far as its answer depends on it. */
export interface RestConditions {
  readonly isGet: boolean;
  readonly ifNoneMatch: string | undefined;
  /** Names of the headers that can change an answer. */
  readonly vary: string;
  /** Whether somebody has shown who asks. */
  readonly isIdentified: boolean;
}

/** Codes that subgraphs say by custom, and what they are over HTTP. */
const CUSTOMARY: Readonly<Record<string, number>> = {
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  BAD_USER_INPUT: 400,
  UNAUTHENTICATED: 401,
};

/**
 * The answer to what was executed. A client of REST does not look for errors beside data: with any error the answer is that error, with its
 * status; where there is nothing, it is 404.
 */
export function toRestAnswer(
  answer: Answer,
  { result, status }: Pick<StoredOperation, 'result' | 'status'>,
  conditions: RestConditions,
): RestAnswer {
  const response = parseExact(answer.body.toString());
  const { data, errors } = isObject(response) ? response : {};
  if (Array.isArray(errors) && errors.length > 0) return toErrors(errors, conditions, answer.limits);
  const value = result.reduce<unknown>((within, key) => (isObject(within) ? readOwn(within, key) : null), data);
  if (value === null || value === undefined)
    return toErrors(
      [{ message: 'There is no such thing.', extensions: { code: 'NOT_FOUND' } }],
      conditions,
      answer.limits,
    );
  const body = JSON.stringify(value);
  const headers: Record<string, string> = { ...HEADERS, ...answer.limits, ...answer.headers, vary: conditions.vary };
  if (!conditions.isGet || headers['cache-control'] === 'no-store') return { status, headers, body };
  const etag = `"${digestOf(body)}"`;
  headers.etag = etag;
  return isMatch(conditions.ifNoneMatch, etag) ? { status: 304, headers, body: '' } : { status, headers, body };
}

/** The answer to what was refused before it was executed. */
export function toRestError(error: GatewayError, conditions: RestConditions): RestAnswer {
  const errors =
    error instanceof GraphQLErrors
      ? error.errors
      : [{ message: error.message, extensions: { ...error.extensions, code: error.code } }];
  const answer = toErrors(errors, conditions);
  // An operation that does not fit the graph is no fault of the client.
  const status = ['GRAPHQL_VALIDATION_FAILED', 'GRAPHQL_PARSE_FAILED'].includes(error.code)
    ? 502
    : ERRORS[error.code].status;
  return { ...answer, status, headers: { ...answer.headers, ...refusalHeaders(error) } };
}

const HEADERS = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' };

function toErrors(
  errors: readonly unknown[],
  { isIdentified }: RestConditions,
  limits: Answer['limits'] = {},
): RestAnswer {
  const [first] = errors;
  const extensions = isObject(first) && isObject(first.extensions) ? first.extensions : {};
  const code = String(extensions.code);
  const known = CUSTOMARY[code] ?? (Object.hasOwn(ERRORS, code) ? ERRORS[code as keyof typeof ERRORS].status : 500);
  // Who has not said who asks may do so.
  const status = known === 403 && !isIdentified ? 401 : known < 400 ? 502 : known;
  const headers: Record<string, string> = { ...HEADERS, ...limits };
  if (status === 401) headers['www-authenticate'] = 'Bearer';
  return { status, headers, body: JSON.stringify({ errors }) };
}
