import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createApolloGateway } from '../../gateway/apollo-gateway.ts';
import { createLog } from '../../service/logs.ts';
import { ClosingStack } from '../../service/run.ts';
import { type RunningSubgraph, startSubgraph, type TestSubgraph } from '../federation/support/subgraph.ts';
import { startTestServer, type TestServer } from '../support/apollo-servers.ts';
import { type AnswerBody, composeOrThrow, postQuery, type QueryOptions } from '../support/test-gateway.ts';

/** One Apollo Server with its plugins over our engine, and one over the stock gateway: clients and plugins see the same. */

interface User {
  readonly id: string;
}

const names = new Map<string, string>();

const users: TestSubgraph = {
  name: 'users',
  sdl: `
    type Query { user(id: ID!): User users(first: Int = 2): [User!]! }
    type Mutation { rename(id: ID!, name: String!): User }
    type User @key(fields: "id") { id: ID! name: String! nickname: String }
  `,
  resolvers: {
    Query: {
      user: (_: unknown, { id }: User) => ({ id }),
      users: (_: unknown, { first }: { first: number }) => [{ id: '1' }, { id: '2' }, { id: '3' }].slice(0, first),
    },
    Mutation: {
      rename: (_: unknown, { id, name }: { id: string; name: string }) => {
        names.set(id, name);
        return { id };
      },
    },
    User: {
      __resolveReference: ({ id }: User) => ({ id }),
      name: ({ id }: User) => names.get(id) ?? `user ${id}`,
      nickname: () => {
        throw new Error('nicknames are out');
      },
    },
  },
  reset: () => names.clear(),
};

const reviews: TestSubgraph = {
  name: 'reviews',
  sdl: `
    type User @key(fields: "id") { id: ID! reviews(stars: Int): [Review!] }
    type Review { text: String! stars: Int! }
  `,
  resolvers: {
    User: {
      __resolveReference: ({ id }: User) => ({ id }),
      reviews: ({ id }: User, { stars }: { stars?: number }) =>
        [1, 2].map((each) => ({ text: `review ${each} of ${id}`, stars: stars ?? each })),
    },
  },
  misbehave: ({ variables }) => (variables.stars === 5 ? { status: 500, body: 'down' } : undefined),
};

interface Case extends QueryOptions {
  readonly name: string;
  readonly query: string;
  /** Where the stock gateway takes a client's mistake for a fault of the server, and answers 500. */
  readonly status?: number;
  /** The errors, where ours say more than those of the stock gateway. */
  readonly errors?: readonly { readonly message: string; readonly path?: readonly string[]; readonly code: string }[];
}

const CASES: readonly Case[] = [
  {
    name: 'a query over two subgraphs, with variables, aliases and fragments',
    query:
      'query Q($id: ID!, $stars: Int) { u: user(id: $id) { ...F id } } fragment F on User { name r: reviews(stars: $stars) { text stars } }',
    variables: { id: '7', stars: 3 },
  },
  {
    name: 'the named one of several operations',
    query: 'query A { user(id: 1) { id } } query B { users { name reviews { text } } }',
    operationName: 'B',
  },
  {
    name: 'conditions and defaults',
    query:
      'query ($no: Boolean!, $first: Int = 3) { users(first: $first) { id name @skip(if: $no) ... @include(if: $no) { reviews { stars } } } }',
    variables: { no: true },
  },
  {
    name: 'introspection beside data',
    query:
      '{ __schema { queryType { name } types { name } } __type(name: "User") { fields { name } } user(id: 1) { id } }',
  },
  { name: 'introspection alone', query: '{ __schema { directives { name } mutationType { name } } }' },
  { name: '__typename alone', query: '{ __typename }' },
  {
    name: 'a mutation and what follows from another subgraph',
    query:
      'mutation M { a: rename(id: 1, name: "Ada") { name reviews { text } } b: rename(id: 1, name: "Eve") { name } }',
  },
  {
    name: 'a field that fails, with what is beside it',
    query: '{ user(id: 1) { name nickname } }',
  },
  {
    name: 'a subgraph that fails, with what the others bring',
    query: 'query ($stars: Int) { user(id: 1) { name reviews(stars: $stars) { text } } }',
    variables: { stars: 5 },
    errors: [
      {
        message: 'Subgraph "reviews" answered with HTTP status 500.',
        path: ['user', 'reviews'],
        code: 'SUBGRAPH_HTTP_ERROR',
      },
    ],
  },
  { name: 'a variable of the wrong type', query: 'query ($id: ID!) { user(id: $id) { id } }', variables: { id: {} } },
  { name: 'a variable that is missing', query: 'query ($id: ID!) { user(id: $id) { id } }' },
  { name: 'text that does not parse', query: '{ user(' },
  { name: 'a field that is not there', query: '{ user(id: 1) { email } }' },
  {
    name: 'an operation that is not there',
    query: 'query A { __typename }',
    operationName: 'B',
    status: 400,
    errors: [
      { message: 'There is no operation named "B"; the document has: A.', code: 'OPERATION_RESOLUTION_FAILURE' },
    ],
  },
  {
    name: 'several operations and no name',
    query: 'query A { __typename } query B { __typename }',
    status: 400,
    errors: [
      {
        message: 'The document has several operations; name one with operationName: A, B.',
        code: 'OPERATION_RESOLUTION_FAILURE',
      },
    ],
  },
  { name: '@defer', query: '{ user(id: 1) { id ... @defer { name } } }' },
];

describe('Apollo Server over our engine and over the stock gateway', () => {
  const stack = new ClosingStack();
  let running: readonly RunningSubgraph[];
  let ours: TestServer;
  let stock: TestServer;

  beforeAll(async () => {
    running = await Promise.all([users, reviews].map(startSubgraph));
    for (const subgraph of running) stack.add('subgraph', subgraph);
    const supergraphSdl = composeOrThrow(running.map(({ schema }) => schema));
    const logger = createLog('gateway', 'silent');
    ours = stack.add('ours', await startTestServer(createApolloGateway({ supergraphSdl, logger })));
    process.env.APOLLO_TELEMETRY_DISABLED = '1';
    const { ApolloGateway } = await import('@apollo/gateway');
    stock = stack.add('stock', await startTestServer(new ApolloGateway({ supergraphSdl, logger })));
  });
  afterAll(() => stack.close());

  async function ask({ url, hooks }: TestServer, { query, variables, operationName }: Case) {
    for (const subgraph of running) subgraph.reset();
    hooks.length = 0;
    const { status, headers, body } = await postQuery(url, query, {
      ...(variables === undefined ? {} : { variables }),
      ...(operationName === undefined ? {} : { operationName }),
    });
    return {
      status,
      type: headers.get('content-type'),
      caching: headers.get('cache-control'),
      body,
      hooks: [...hooks],
    };
  }

  it.each(CASES)('answer the same: $name', async (each) => {
    const expected = await ask(stock, each);
    const answer = await ask(ours, each);
    const { errors: expectedErrors, data: expectedData } = expected.body;
    const { errors, data } = answer.body;
    expect(errors?.map(told)).toEqual(each.errors ?? expectedErrors?.map(told));
    expect(errors?.length).toBe(expectedErrors?.length);
    expect(JSON.stringify(data)).toBe(JSON.stringify(expectedData));
    expect({ ...answer, body: undefined }).toEqual({ ...withStatus(expected, each.status), body: undefined });
    // Known by now: the second time gives the same.
    expect((await ask(ours, each)).body).toEqual(answer.body);
  });
});

function told({ message, path, extensions: { code } }: NonNullable<AnswerBody['errors']>[number]) {
  return { message, path, code };
}

function withStatus<Asked extends { status: number; hooks: readonly unknown[] }>(asked: Asked, status = asked.status) {
  const hooks = asked.hooks.map((hook) =>
    Array.isArray(hook) && hook[0] === 'willSendResponse' ? [hook[0], status, hook[2]] : hook,
  );
  return { ...asked, status, hooks };
}
