import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestGateway, type TestGateway } from '../../support/test-gateway.ts';

const SDL =
  'type Query { hello(times: Int): String, other: String } type Mutation { shout: String } type Subscription { tick: Int }';

interface Case {
  readonly name: string;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly status: number;
  readonly code: string;
  readonly message: RegExp;
}

const json = (body: unknown) => ({ body: JSON.stringify(body) });
const GET = { method: 'GET', headers: { 'apollo-require-preflight': '1' } };
const deep = (levels: number) => `{ ${'a { '.repeat(levels)}b${' }'.repeat(levels)} }`;

const CASES: readonly Case[] = [
  {
    name: 'malformed JSON',
    body: '{"query": ',
    status: 400,
    code: 'BAD_REQUEST',
    message: /The body is not valid JSON/,
  },
  { name: 'an empty body', body: '', status: 400, code: 'BAD_REQUEST', message: /The body is empty/ },
  {
    name: 'a body that is no object',
    ...json('{ hello }'),
    status: 400,
    code: 'BAD_REQUEST',
    message: /must be a JSON object/,
  },
  {
    name: 'a batch',
    ...json([{ query: '{ hello }' }]),
    status: 400,
    code: 'BAD_REQUEST',
    message: /Batches are not accepted/,
  },
  {
    name: 'an empty query',
    ...json({ query: '' }),
    status: 400,
    code: 'BAD_REQUEST',
    message: /"query" is missing or empty/,
  },
  {
    name: 'a query that is a number',
    ...json({ query: 1 }),
    status: 400,
    code: 'BAD_REQUEST',
    message: /"query" must be a string/,
  },
  {
    name: 'variables that are a list',
    ...json({ query: '{ hello }', variables: [] }),
    status: 400,
    code: 'BAD_REQUEST',
    message: /"variables" must be an object/,
  },
  {
    name: 'a query that does not parse',
    ...json({ query: '{ hello' }),
    status: 400,
    code: 'GRAPHQL_PARSE_FAILED',
    message: /Expected Name, found <EOF>/,
  },
  {
    name: 'an unknown field',
    ...json({ query: '{ helo }' }),
    status: 400,
    code: 'GRAPHQL_VALIDATION_FAILED',
    message: /Cannot query field "helo".*Did you mean "hello"/,
  },
  {
    name: 'a wrong variable type',
    ...json({ query: 'query($n: Int) { hello(times: $n) }', variables: { n: 'many' } }),
    status: 400,
    code: 'BAD_USER_INPUT',
    message: /\$n.*Int cannot represent non-integer/,
  },
  {
    name: 'an operation name that is not there',
    ...json({ query: 'query A { hello }', operationName: 'B' }),
    status: 400,
    code: 'OPERATION_RESOLUTION_FAILURE',
    message: /no operation named "B"; the document has: A/,
  },
  {
    name: 'several operations and no name',
    ...json({ query: 'query A { hello } query B { other }' }),
    status: 400,
    code: 'OPERATION_RESOLUTION_FAILURE',
    message: /name one with operationName: A, B/,
  },
  {
    name: 'fragments only',
    ...json({ query: 'fragment F on Query { hello }' }),
    status: 400,
    code: 'GRAPHQL_VALIDATION_FAILED',
    message: /Fragment "F" is never used/,
  },
  {
    name: 'a body of 5 MB',
    ...json({ query: `{ hello } # ${'x'.repeat(5_000_000)}` }),
    status: 413,
    code: 'BODY_TOO_LARGE',
    message: /too large/,
  },
  {
    name: 'more tokens than allowed',
    ...json({ query: `{ ${'hello '.repeat(20_000)} }` }),
    status: 400,
    code: 'OPERATION_LIMIT_EXCEEDED',
    message: /maxTokens: more than 15000/,
  },
  {
    name: 'a query too deep',
    ...json({ query: deep(120) }),
    status: 400,
    code: 'OPERATION_LIMIT_EXCEEDED',
    message: /maxDepth: 121, allowed are 100/,
  },
  {
    name: 'a query so deep that it cannot be parsed',
    ...json({ query: deep(4_000) }),
    status: 400,
    code: 'OPERATION_LIMIT_EXCEEDED',
    message: /maxDepth/,
  },
  {
    name: 'a list so deep that it cannot be parsed',
    ...json({ query: `{ hello(times: ${'['.repeat(7_000)}${']'.repeat(7_000)}) }` }),
    status: 400,
    code: 'OPERATION_LIMIT_EXCEEDED',
    message: /maxInputDepth: 7000, allowed are 50/,
  },
  {
    name: 'fields repeated thousands of times',
    ...json({ query: `{ a { ${'... { hello } '.repeat(2_000)} } }` }),
    status: 400,
    code: 'OPERATION_LIMIT_EXCEEDED',
    message: /fieldComparisons: .* more than 500000 steps/,
  },
  {
    name: 'fragments that explode',
    ...json({
      query: `{ a { ...F0 } } ${Array.from({ length: 30 }, (_, n) => `fragment F${n} on Query { x: a { ...F${n + 1} } y: a { ...F${n + 1} } }`).join(' ')} fragment F30 on Query { b }`,
    }),
    status: 400,
    code: 'OPERATION_LIMIT_EXCEEDED',
    message: /maxFields: \d+, allowed are 5000/,
  },
  {
    name: 'introspection over and over',
    ...json({ query: `{ ${Array.from({ length: 20 }, (_, n) => `s${n}: __schema { types { name } }`).join(' ')} }` }),
    status: 400,
    code: 'OPERATION_LIMIT_EXCEEDED',
    message: /maxIntrospections: 20, allowed are 10/,
  },
  {
    name: 'a condition that is null',
    ...json({ query: 'query($c: Boolean = true) { hello @include(if: $c) }', variables: { c: null } }),
    status: 400,
    code: 'BAD_USER_INPUT',
    message: /"\$c" decides a @skip or @include and must not be null/,
  },
  {
    name: 'a subscription',
    ...json({ query: 'subscription { tick }' }),
    status: 400,
    code: 'OPERATION_NOT_SUPPORTED',
    message: /Subscriptions are not supported/,
  },
  {
    name: 'a form',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'query={hello}',
    status: 400,
    code: 'CSRF_PREVENTED',
    message: /any web page/,
  },
  {
    name: 'another media type',
    headers: { 'content-type': 'application/graphql' },
    body: '{ hello }',
    status: 415,
    code: 'UNSUPPORTED_MEDIA_TYPE',
    message: /not application\/graphql/,
  },
  {
    name: 'another character set',
    headers: { 'content-type': 'application/json; charset=utf-16' },
    body: '{}',
    status: 415,
    code: 'UNSUPPORTED_MEDIA_TYPE',
    message: /not utf-16/,
  },
  {
    name: 'a bare GET',
    method: 'GET',
    path: '?query={hello}',
    headers: { 'content-type': '' },
    status: 400,
    code: 'CSRF_PREVENTED',
    message: /any web page/,
  },
  {
    name: 'a mutation by GET',
    ...GET,
    path: '?query=mutation{shout}',
    status: 405,
    code: 'METHOD_NOT_ALLOWED',
    message: /mutation must be sent with POST/,
  },
  {
    name: 'broken variables by GET',
    ...GET,
    path: '?query={hello}&variables={',
    status: 400,
    code: 'BAD_REQUEST',
    message: /"variables" is not valid JSON/,
  },
  {
    name: 'PUT',
    method: 'PUT',
    ...json({ query: '{ hello }' }),
    status: 405,
    code: 'METHOD_NOT_ALLOWED',
    message: /not served on PUT/,
  },
  {
    name: 'an accept that nothing fits',
    headers: { accept: 'image/png' },
    ...json({ query: '{ hello }' }),
    status: 406,
    code: 'NOT_ACCEPTABLE',
    message: /accept one of them/,
  },
];

describe('a bad request', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway([{ name: 'one', url: 'http://127.0.0.1:1', sdl: SDL }]);
  });
  afterAll(() => gateway.close());

  it.each(CASES)(
    '$name: $status $code',
    async ({ method = 'POST', path = '', headers, body, status, code, message }) => {
      const response = await fetch(`${gateway.url}/graphql${path}`, {
        method,
        headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...headers },
        ...(body === undefined ? {} : { body }),
      });
      const answer = (await response.json()) as { errors: { message: string; extensions: { code: string } }[] };
      expect({ status: response.status, code: answer.errors[0]?.extensions.code }).toEqual({ status, code });
      expect(answer.errors[0]?.message).toMatch(message);
      expect(answer).not.toHaveProperty('data');
    },
  );

  it('gets all validation errors at once, with their places', async () => {
    const { body } = await gateway.query('{ helo\n  othr }');
    expect(body.errors?.map(({ locations }) => locations)).toEqual([
      [{ line: 1, column: 3 }],
      [{ line: 2, column: 3 }],
    ]);
  });

  it('is answered in the media type that old clients expect, with 200 for what is wrong with the GraphQL', async () => {
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ query: '{ helo }' }),
    });
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
  });

  it('is one whose path is not percent-encoded UTF-8', async () => {
    const response = await fetch(`${gateway.url}/%zz`);
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('"code":"BAD_REQUEST"')]);
  });

  it('says where GraphQL is to whoever asks elsewhere', async () => {
    const response = await fetch(`${gateway.url}/api`);
    expect([response.status, await response.text()]).toEqual([404, expect.stringContaining('/graphql')]);
  });
});
