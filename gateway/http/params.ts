import { GatewayError } from '../errors.ts';
import { isObject, type Json } from '../execution/own.ts';
import type { GraphQLParams } from '../request.ts';

/** A GraphQL request as it comes over HTTP. */
export interface RawRequest {
  readonly method: string;
  /** Path and query string. */
  readonly url: string;
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;
  readonly body: Buffer | undefined;
}

/**
 * Reads what a request brings (GraphQL over HTTP, 5.3 "GET" and 5.4 "POST"): one value for `readParams`, or an array of them.
 *
 * @throws {GatewayError} `METHOD_NOT_ALLOWED`, `UNSUPPORTED_MEDIA_TYPE` or `BAD_REQUEST`
 */
export function readRequest({ method, url, contentType, contentEncoding, body }: RawRequest): unknown {
  if (method === 'GET') return fromQueryString(new URL(url, 'http://localhost').searchParams);
  if (method !== 'POST') throw new GatewayError('METHOD_NOT_ALLOWED', `GraphQL is not served on ${method}; use POST.`);
  // A few bytes could become any number of them.
  if (contentEncoding !== undefined && contentEncoding.toLowerCase() !== 'identity')
    throw new GatewayError(
      'UNSUPPORTED_MEDIA_TYPE',
      `The body must not be compressed (content-encoding: ${contentEncoding}).`,
    );
  return parseBody(contentType, body);
}

function fromQueryString(query: URLSearchParams): Json {
  const json = (name: string) => {
    const text = query.get(name);
    return text === null || text === '' ? undefined : parseJson(text, `The parameter "${name}"`);
  };
  return {
    query: query.get('query') ?? undefined,
    operationName: query.get('operationName') ?? undefined,
    variables: json('variables'),
    extensions: json('extensions'),
  };
}

function parseBody(contentType: string | undefined, body: Buffer | undefined): unknown {
  const [mediaType = '', ...parameters] = (contentType ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  if (mediaType !== 'application/json') {
    const found = mediaType === '' ? 'there is no content-type' : `not ${mediaType}`;
    throw new GatewayError('UNSUPPORTED_MEDIA_TYPE', `The body must be application/json; ${found}.`);
  }
  const charset = parameters
    .find((parameter) => parameter.startsWith('charset='))
    ?.slice('charset='.length)
    .replaceAll('"', '');
  if (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8') {
    throw new GatewayError('UNSUPPORTED_MEDIA_TYPE', `The body must be in UTF-8, not ${charset}.`);
  }
  if (body === undefined || body.length === 0)
    throw new GatewayError('BAD_REQUEST', 'The body is empty; send {"query": "…"}.');
  return parseJson(decodeUtf8(body), 'The body');
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true });

function decodeUtf8(body: Buffer): string {
  try {
    return UTF_8.decode(body);
  } catch (error) {
    throw new GatewayError('BAD_REQUEST', 'The body is not valid UTF-8.', { cause: error });
  }
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new GatewayError('BAD_REQUEST', `${what} is not valid JSON: ${reason}`, { cause: error });
  }
}

/** Reads the parameters of one request. @throws {GatewayError} `BAD_REQUEST` */
export function readParams(value: unknown): GraphQLParams {
  if (!isObject(value)) throw new GatewayError('BAD_REQUEST', 'A request must be a JSON object: {"query": "…"}.');
  const { query, operationName, variables, extensions } = value;
  if (!isNone(query) && typeof query !== 'string')
    throw new GatewayError('BAD_REQUEST', 'The parameter "query" must be a string.');
  if (!isNone(operationName) && typeof operationName !== 'string')
    throw new GatewayError('BAD_REQUEST', 'The parameter "operationName" must be a string.');
  if (!isNone(variables) && !isObject(variables))
    throw new GatewayError('BAD_REQUEST', 'The parameter "variables" must be an object.');
  if (!isNone(extensions) && !isObject(extensions))
    throw new GatewayError('BAD_REQUEST', 'The parameter "extensions" must be an object.');
  const hash = isNone(extensions) ? undefined : readHash(extensions.persistedQuery);
  if (!query && hash === undefined)
    throw new GatewayError(
      'BAD_REQUEST',
      'There is no query: the parameter "query" is missing or empty, and there is no extensions.persistedQuery.',
    );
  return { query: query || undefined, hash, operationName: operationName ?? undefined, variables: variables ?? {} };
}

/** The hash or id of a persisted query: `{ "version": 1, "sha256Hash": "…" }`. */
function readHash(persistedQuery: unknown): string | undefined {
  if (isNone(persistedQuery)) return undefined;
  const { version, sha256Hash } = isObject(persistedQuery) ? persistedQuery : {};
  if (version !== 1)
    throw new GatewayError('BAD_REQUEST', 'extensions.persistedQuery must have the "version" 1: no other is known.');
  if (typeof sha256Hash !== 'string' || sha256Hash === '')
    throw new GatewayError('BAD_REQUEST', 'extensions.persistedQuery.sha256Hash must be a string that is not empty.');
  return sha256Hash;
}

function isNone(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}
