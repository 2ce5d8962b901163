import { GatewayError } from '../errors.ts';
import { isObject, type Json } from '../execution/own.ts';
import type { GraphQLParams } from '../request.ts';

/** A GraphQL request as it comes over HTTP. */
export interface RawRequest {
  readonly method: string;
  /** Path and query string. */
  readonly url: string;
  readonly contentType: string | undefined;
  readonly body: Buffer | undefined;
}

/**
 * Reads the parameters of a request (GraphQL over HTTP, 5.3 "GET" and 5.4 "POST").
 *
 * @throws {GatewayError} `METHOD_NOT_ALLOWED`, `UNSUPPORTED_MEDIA_TYPE` or `BAD_REQUEST`
 */
export function readParams({ method, url, contentType, body }: RawRequest): GraphQLParams {
  if (method === 'GET') return toParams(fromQueryString(new URL(url, 'http://localhost').searchParams));
  if (method !== 'POST') throw new GatewayError('METHOD_NOT_ALLOWED', `GraphQL is not served on ${method}; use POST.`);
  return toParams(parseBody(contentType, body));
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

function toParams(value: unknown): GraphQLParams {
  if (Array.isArray(value))
    throw new GatewayError('BAD_REQUEST', 'Batches are not accepted; send one request at a time.');
  if (!isObject(value)) throw new GatewayError('BAD_REQUEST', 'The body must be a JSON object: {"query": "…"}.');
  const { query, operationName, variables, extensions } = value;
  if (query === undefined || query === null || query === '')
    throw new GatewayError('BAD_REQUEST', 'There is no query: the parameter "query" is missing or empty.');
  if (typeof query !== 'string') throw new GatewayError('BAD_REQUEST', 'The parameter "query" must be a string.');
  if (!isNone(operationName) && typeof operationName !== 'string')
    throw new GatewayError('BAD_REQUEST', 'The parameter "operationName" must be a string.');
  if (!isNone(variables) && !isObject(variables))
    throw new GatewayError('BAD_REQUEST', 'The parameter "variables" must be an object.');
  if (!isNone(extensions) && !isObject(extensions))
    throw new GatewayError('BAD_REQUEST', 'The parameter "extensions" must be an object.');
  return { query, operationName: operationName ?? undefined, variables: variables ?? {} };
}

function isNone(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}
