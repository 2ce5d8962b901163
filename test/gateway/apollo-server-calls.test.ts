import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createApolloGateway } from '../../gateway/apollo-gateway.ts';
import { createLog } from '../../service/logs.ts';
import { ClosingStack } from '../../service/run.ts';
import { startTestServer, type TeamContext, type TestServer } from '../support/apollo-servers.ts';
import { type RawServer, startRawServer } from '../support/raw-server.ts';
import { composeOrThrow, postQuery } from '../support/test-gateway.ts';
import { until } from '../support/until.ts';

/** What goes to subgraphs from an Apollo Server over our engine, and what of their answers reaches its plugins. */

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly response: ServerResponse;
}

const logger = createLog('gateway', 'silent');

describe('calls to subgraphs from an Apollo Server', () => {
  const stack = new ClosingStack();
  const received: Received[] = [];
  let subgraph: RawServer;
  let supergraphSdl: string;
  let server: TestServer;

  beforeAll(async () => {
    subgraph = stack.add(
      'subgraph',
      await startRawServer((request, response) => {
        request.resume().on('end', () => received.push({ headers: request.headers, response }));
      }),
    );
    const sdl = 'type Query { a: Int b: Int } type Mutation { add: Int }';
    supergraphSdl = composeOrThrow([
      { name: 'numbers', url: subgraph.url, sdl },
      { name: 'letters', url: subgraph.url, sdl: 'type Query { letter: String }' },
    ]);
    const gateway = createApolloGateway<TeamContext>({
      supergraphSdl,
      logger,
      headers: { forward: ['X-Tenant', 'X-User'] },
      headersFrom: ({ userId }, name) => ({ 'X-User': userId, 'x-key': `key of ${name}` }),
    });
    server = stack.add('server', await startTestServer(gateway));
  });
  afterAll(() => stack.close());
  beforeEach(() => {
    received.length = 0;
    server.hooks.length = 0;
  });

  const call = (number: number) => until(() => received[number]);
  const answer = ({ response }: Received, data: object, headers: Record<string, string> = {}) =>
    response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify({ data }));
  const begun = (count: number) =>
    until(() => server.hooks.filter((hook) => hook === 'executionDidStart').length === count);
  const as = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

  it('carry what is always forwarded, what is configured, and what the server adds in place of what a client claims', async () => {
    const asked = postQuery(server.url, '{ a }', {
      headers: { ...as('ada').headers, 'x-tenant': 't', 'x-user': 'root', cookie: 'c=1', 'accept-language': 'de' },
    });
    const first = await call(0);
    expect(first.headers).toMatchObject({
      authorization: 'Bearer ada',
      'accept-language': 'de',
      'x-tenant': 't',
      'x-user': 'user of ada',
      'x-key': 'key of numbers',
    });
    expect(first.headers.cookie).toBeUndefined();
    answer(first, { a: 1 });
    expect((await asked).body).toEqual({ data: { a: 1 } });
  });

  it('carry what the server adds for each subgraph, also those of one request', async () => {
    const asked = postQuery(server.url, '{ a letter }', as('ada'));
    const calls = await Promise.all([call(0), call(1)]);
    expect(calls.map(({ headers }) => [headers['x-key'], headers['x-user']]).sort()).toEqual([
      ['key of letters', 'user of ada'],
      ['key of numbers', 'user of ada'],
    ]);
    for (const each of calls) answer(each, each.headers['x-key'] === 'key of letters' ? { letter: 'x' } : { a: 1 });
    expect((await asked).body).toEqual({ data: { a: 1, letter: 'x' } });
  });

  it('carry nothing that a client claims where the server has nothing to say', async () => {
    const asked = postQuery(server.url, '{ a }', { headers: { 'x-user': 'root' } });
    const first = await call(0);
    expect(first.headers['x-user']).toBeUndefined();
    answer(first, { a: 1 });
    await asked;
  });

  it('are one for equal queries at the same time, and apart where the headers differ', async () => {
    const warm = postQuery(server.url, '{ a }');
    answer(await call(0), { a: 0 });
    await warm;
    const asked = [postQuery(server.url, '{ a }', as('ada'))];
    const first = await call(1);
    asked.push(postQuery(server.url, '{ a }', as('ada')));
    await begun(3);
    asked.push(postQuery(server.url, '{ a }', as('eve')));
    const second = await call(2);
    answer(first, { a: 1 });
    answer(second, { a: 2 });
    expect((await Promise.all(asked)).map(({ body }) => body.data)).toEqual([{ a: 1 }, { a: 1 }, { a: 2 }]);
    expect(received).toHaveLength(3);
  });

  it('show a client its own writes, and are never shared by mutations', async () => {
    const before = postQuery(server.url, '{ a }');
    const old = await call(0);
    const writes = [postQuery(server.url, 'mutation { add }'), postQuery(server.url, 'mutation { add }')];
    for (const number of [1, 2]) answer(await call(number), { add: number });
    await Promise.all(writes);
    const after = postQuery(server.url, '{ a }');
    answer(await call(3), { a: 2 });
    answer(old, { a: 0 });
    expect((await after).body).toEqual({ data: { a: 2 } });
    expect((await before).body).toEqual({ data: { a: 0 } });
  });

  it('make the cache policy of the answer, as with the stock gateway', async () => {
    process.env.APOLLO_TELEMETRY_DISABLED = '1';
    const { ApolloGateway } = await import('@apollo/gateway');
    const stock = stack.add('stock', await startTestServer(new ApolloGateway({ supergraphSdl, logger })));
    for (const header of ['max-age=30', 'max-age=60, private', 'public, max-age=5', 'private', undefined]) {
      const caching = await Promise.all(
        [server, stock]
          .map(async ({ url }) => {
            const { headers, body } = await postQuery(url, '{ b }');
            expect(body).toEqual({ data: { b: 1 } });
            return headers.get('cache-control');
          })
          .concat(
            [0, 1].map(async (number) => {
              answer(await call(number), { b: 1 }, header === undefined ? {} : { 'cache-control': header });
              return null;
            }),
          ),
      );
      expect(caching[0]).toBe(caching[1]);
      expect(caching[0]).toMatch(/max-age=\d+/.test(header ?? '') ? /^max-age=\d+, (public|private)$/ : /^no-store$/);
      received.length = 0;
    }
  });

  it('leave errors with the places in the client’s own text', async () => {
    const asked = postQuery(server.url, '# first\r\n{\n  other: a\n  b }');
    answer(await call(0), { other: 'x', b: 1 });
    expect((await asked).body).toEqual({
      data: { other: null, b: 1 },
      errors: [
        expect.objectContaining({
          path: ['other'],
          locations: [{ line: 3, column: 3 }],
          extensions: { code: 'INVALID_VALUE' },
        }),
      ],
    });
  });

  it('follow the document that a plugin has changed', async () => {
    const { visit, parse } = await import('graphql');
    const plugin = {
      requestDidStart: async () => ({
        didResolveOperation: async (context: { document: ReturnType<typeof parse> }) => {
          context.document = visit(context.document, {
            Field: ({ name }) => (name.value === 'b' ? null : undefined),
          });
        },
      }),
    };
    const gateway = createApolloGateway({ supergraphSdl, logger });
    const changed = stack.add('changed', await startTestServer(gateway, { plugins: [plugin], documentStore: null }));
    for (const number of [0, 1]) {
      const asked = postQuery(changed.url, '{ a b }');
      answer(await call(number), { a: number });
      expect((await asked).body).toEqual({ data: { a: number } });
    }
  });

  it('are made for operations of the server itself, which come without HTTP', async () => {
    const asked = server.apollo.executeOperation({ query: '{ a }' }, { contextValue: { userId: 'batch' } });
    const first = await call(0);
    expect(first.headers['x-user']).toBe('batch');
    answer(first, { a: 3 });
    expect((await asked).body).toMatchObject({ kind: 'single', singleResult: { data: { a: 3 } } });
  });
});
