import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GraphQLError } from 'graphql';
import { type ControlledSubgraph, startControlledSubgraph } from '../support/controlled-subgraph.ts';
import { createTestLog } from '../support/log-lines.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

const SDL = `
  enum Colour { RED GREEN }
  input Filter { colour: Colour }
  type Query { hello(filter: Filter): String crash: String business: String uncoded: String }
`;
const ROW = 'relation "users" does not exist at 10.0.0.7:5432';

describe('what clients are told of what is inside', () => {
  let subgraph: ControlledSubgraph;
  beforeAll(async () => {
    const fail = (message: string, code?: string) => () => {
      throw new GraphQLError(message, {
        extensions: { ...(code && { code }), stacktrace: ['at secret.ts'], hint: 'h' },
      });
    };
    subgraph = await startControlledSubgraph({
      name: 'shop',
      sdl: SDL,
      resolvers: {
        Query: {
          crash: fail(ROW, 'INTERNAL_SERVER_ERROR'),
          uncoded: fail(ROW),
          business: fail('Only two are left.', 'OUT_OF_STOCK'),
        },
      },
    });
  });
  afterAll(() => subgraph.close());

  const { log, lines } = createTestLog('warn');
  async function withGateway(
    environment: Record<string, string>,
    test: (gateway: TestGateway) => Promise<void>,
  ): Promise<void> {
    const gateway = await startTestGateway([subgraph.schema], environment, log);
    try {
      await test(gateway);
    } finally {
      await gateway.close();
    }
  }
  const errorOf = async (gateway: TestGateway, query: string, variables?: Record<string, unknown>) =>
    (await gateway.query(query, { ...(variables && { variables }) })).body.errors?.[0];
  const INTROSPECTIONS = [
    '{ __schema { types { name } } }',
    '{ ...F } fragment F on Query { __type(name: "Query") { name } }',
  ];
  const FILTER = 'query($filter: Filter) { hello(filter: $filter) }';

  it('in production: no introspection, no suggestions, no explorer', () =>
    withGateway({ GATEWAY_MODE: 'production' }, async (gateway) => {
      for (const query of INTROSPECTIONS) {
        const { status, body } = await gateway.query(query);
        expect([status, body.data]).toEqual([400, undefined]);
        expect(body.errors).toEqual([
          {
            message: expect.stringContaining('Introspection is off here'),
            extensions: { code: 'GRAPHQL_VALIDATION_FAILED', validationErrorCode: 'INTROSPECTION_DISABLED' },
          },
        ]);
      }
      expect((await gateway.query('{ __typename }')).body).toEqual({ data: { __typename: 'Query' } });
      expect((await errorOf(gateway, '{ helo }'))?.message).toBe('Cannot query field "helo" on type "Query".');
      expect((await errorOf(gateway, FILTER, { filter: { color: 'RED' } }))?.message).toMatch(
        /Field "color" is not defined by type "Filter"\.$/,
      );
      expect((await errorOf(gateway, FILTER, { filter: { colour: 'REDD' } }))?.message).toMatch(
        /Value "REDD" does not exist in "Colour" enum\.$/,
      );
      const page = await fetch(`${gateway.url}/graphql`, { headers: { accept: 'text/html' } });
      expect(page.headers.get('content-type')).not.toContain('text/html');
      expect((await fetch(`${gateway.url}/graphql/explorer`)).status).toBe(404);
    }));

  it('in development: all of it', () =>
    withGateway({ GATEWAY_MODE: 'development' }, async (gateway) => {
      for (const query of INTROSPECTIONS) expect((await gateway.query(query)).body.errors).toBeUndefined();
      expect((await errorOf(gateway, '{ helo }'))?.message).toMatch(/Did you mean "hello"\?/);
      expect((await errorOf(gateway, FILTER, { filter: { color: 'RED' } }))?.message).toMatch(
        /Did you mean "colour"\?/,
      );
      expect((await fetch(`${gateway.url}/graphql/explorer`)).status).toBe(200);
    }));

  it('is production unless it is said, and each part can be chosen apart', () =>
    withGateway({ GATEWAY_MODE: '', GATEWAY_SCHEMA_INTROSPECTION: 'true' }, async (gateway) => {
      expect((await gateway.query(INTROSPECTIONS[0] ?? '')).body.errors).toBeUndefined();
      expect((await errorOf(gateway, '{ helo }'))?.message).not.toMatch(/Did you mean/);
    }));

  it('in development shows errors of subgraphs as they are, without stack traces', () =>
    withGateway({ GATEWAY_MODE: 'development' }, async (gateway) => {
      expect(await errorOf(gateway, '{ crash }')).toEqual({
        message: ROW,
        path: ['crash'],
        extensions: { code: 'INTERNAL_SERVER_ERROR', subgraph: 'shop', hint: 'h' },
      });
    }));

  it('in production masks unexpected ones, tells the log of them, and shows what is meant for clients', () =>
    withGateway({ GATEWAY_MODE: 'production' }, async (gateway) => {
      const masked = (field: string, code: string) => ({
        message: 'Subgraph "shop" failed to answer this.',
        path: [field],
        extensions: { code, subgraph: 'shop' },
      });
      expect(await errorOf(gateway, '{ crash }')).toEqual(masked('crash', 'INTERNAL_SERVER_ERROR'));
      expect(await errorOf(gateway, '{ uncoded }')).toEqual(masked('uncoded', 'SUBGRAPH_ERROR'));
      expect(await errorOf(gateway, '{ business }')).toEqual({
        message: 'Only two are left.',
        path: ['business'],
        extensions: { code: 'OUT_OF_STOCK', subgraph: 'shop', hint: 'h' },
      });
      expect(JSON.parse(await lines.find(/clients are not shown/))).toMatchObject({ subgraph: 'shop', reason: ROW });
    }));

  it('warns of a word for a subgraph that is not there', () =>
    withGateway({ GATEWAY_ERRORS_SUBGRAPH_SHOPS_SHOW: 'pass' }, async () => {
      await lines.find(/errors\.subgraph has \\"shops\\", which is no subgraph/);
    }));

  it('shows codes alone where that is wanted, of a subgraph that is away too', () =>
    withGateway({ GATEWAY_ERRORS_SUBGRAPH_SHOP_SHOW: 'code-only' }, async (gateway) => {
      const coded = (field: string, code: string) => ({
        message: 'This could not be answered.',
        path: [field],
        extensions: { code },
      });
      expect(await errorOf(gateway, '{ crash }')).toEqual(coded('crash', 'INTERNAL_SERVER_ERROR'));
      expect(await errorOf(gateway, '{ business }')).toEqual(coded('business', 'OUT_OF_STOCK'));
      subgraph.failure = 503;
      expect(await errorOf(gateway, '{ business }')).toEqual(coded('business', 'SUBGRAPH_HTTP_ERROR'));
      subgraph.failure = undefined;
    }));
});
