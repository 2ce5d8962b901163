import { afterAll, describe, expect, it } from '@jest/globals';
import { GraphQLError } from 'graphql';
import { createApolloGateway } from '../../gateway/apollo-gateway.ts';
import { createLog } from '../../service/logs.ts';
import { ClosingStack } from '../../service/run.ts';
import { startTestServer, type TestServer } from '../support/apollo-servers.ts';
import { composeOrThrow, postQuery } from '../support/test-gateway.ts';

/** What an Apollo Server over our engine refuses, and what it lets nobody see. Nothing listens where the subgraph should be. */

const supergraphSdl = composeOrThrow([
  {
    name: 'numbers',
    url: 'http://127.0.0.1:1/graphql',
    sdl: 'type Query { a: Int n: N } type N { a: Int n: N } type Subscription { ticks: Int }',
  },
]);
const logger = createLog('gateway', 'silent');

describe('an Apollo Server over our engine', () => {
  const stack = new ClosingStack();
  afterAll(() => stack.close());
  const start = async (
    options: Parameters<typeof createApolloGateway>[0] = {},
    serverOptions: Parameters<typeof startTestServer>[1] = {},
  ): Promise<TestServer> =>
    stack.add(
      'server',
      await startTestServer(createApolloGateway({ supergraphSdl, logger, ...options }), serverOptions),
    );

  it('answers for a subgraph that is down, with a code that names it', async () => {
    const { url } = await start();
    expect(await postQuery(url, '{ a }')).toMatchObject({
      status: 200,
      body: {
        data: { a: null },
        errors: [{ path: ['a'], extensions: { code: 'SUBGRAPH_UNREACHABLE', subgraph: 'numbers' } }],
      },
    });
  });

  it('refuses subscriptions', async () => {
    const { url } = await start();
    expect(await postQuery(url, 'subscription { ticks }')).toMatchObject({
      status: 400,
      body: { errors: [{ extensions: { code: 'OPERATION_NOT_SUPPORTED' } }] },
    });
  });

  it('refuses operations beyond the limits of the engine', async () => {
    const { url } = await start({ limits: { maxDepth: 4 } });
    const { status, body } = await postQuery(url, '{ n { n { n { n { a } } } } }');
    expect(status).toBe(400);
    expect(body.data).toBeUndefined();
    expect(body.errors).toMatchObject([
      { extensions: { code: 'OPERATION_LIMIT_EXCEEDED', limit: 'maxDepth', bound: 4, value: 5 } },
    ]);
    expect(body.errors?.[0]?.extensions.http).toBeUndefined();
  });

  it('refuses what is not valid also where Apollo Server does not look', async () => {
    const { url } = await start({}, { dangerouslyDisableValidation: true });
    expect(await postQuery(url, '{ c }')).toMatchObject({
      status: 400,
      body: { errors: [{ locations: [{ line: 1, column: 3 }], extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] },
    });
    expect(await postQuery(url, '{ n { ... @defer { a } } }')).toMatchObject({ status: 400 });
  });

  it('shows plugins and formatError the errors as they are', async () => {
    const seen: unknown[] = [];
    const { url } = await start(
      {},
      {
        formatError: (formatted, error) => {
          seen.push(error);
          return { ...formatted, message: 'hidden' };
        },
      },
    );
    expect((await postQuery(url, '{ a }')).body.errors?.[0]?.message).toBe('hidden');
    expect(seen).toHaveLength(1);
    expect(seen[0]).toBeInstanceOf(GraphQLError);
  });

  it('masks a fault and logs it', async () => {
    const logged: unknown[] = [];
    const { url } = await start(
      {
        headersFrom: () => {
          throw new Error('the secret is 42');
        },
      },
      { logger: { debug: () => {}, info: () => {}, warn: () => {}, error: (error: unknown) => logged.push(error) } },
    );
    const { status, body } = await postQuery(url, '{ a }');
    expect({ status, body }).toEqual({
      status: 500,
      body: { errors: [{ message: 'Internal server error', extensions: { code: 'INTERNAL_SERVER_ERROR' } }] },
    });
    expect(logged).toEqual([expect.objectContaining({ message: 'the secret is 42' })]);
  });

  it('lets an error through that the team throws in GraphQL’s own terms', async () => {
    const { url } = await start({
      headersFrom: () => {
        throw new GraphQLError('log in first', { extensions: { code: 'FORBIDDEN', http: { status: 403 } } });
      },
    });
    expect(await postQuery(url, '{ a }')).toMatchObject({
      status: 403,
      body: { errors: [{ message: 'log in first', extensions: { code: 'FORBIDDEN' } }] },
    });
  });
});

describe('options of createApolloGateway', () => {
  it('are told by name when they are wrong', () => {
    const create = (options: object) => () => createApolloGateway(options as never);
    expect(create({ upstreamDefaults: { timeoutMs: 'soon' } })).toThrow(/upstreamDefaults\.timeoutMs/);
    expect(create({ serviceList: [] })).toThrow(/serviceList/);
    expect(create({ sharing: { requests: true } })).toThrow(/requests/);
    expect(create({ headers: { forward: ['connection'] } })).toThrow(/RFC 9110/);
    expect(create({ override: { key: 'subject' } })).toThrow(/name of a header/);
    expect(create({ supergraphSdl, supergraph: { file: 'a.graphql' } })).toThrow(/not both/);
    const following = { supergraphSdl: async () => ({ supergraphSdl }) } as object;
    expect(create(following)).toThrow(/takes supergraphSdl as text alone: .* the option supergraph/);
    for (const wrong of [{ sharing: 3 }, { serviceList: [] }]) expect(create(wrong)).toThrow(TypeError);
  });

  it('may be left out: then supergraph.yaml is composed', () => {
    expect(() => createApolloGateway()).not.toThrow();
  });
});
