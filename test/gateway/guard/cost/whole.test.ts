import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CostEvent, CostExcess } from '../../../../gateway/guard/cost/events.ts';
import { ClosingStack } from '../../../../service/run.ts';
import { type RunningSubgraph, startSubgraph } from '../../../federation/support/subgraph.ts';
import { startTestGateway, type TestGateway } from '../../../support/test-gateway.ts';
import { REVIEWS, SHOP } from './cost-graph.ts';
import { SUBGRAPH_TABLE } from './subgraph-table.ts';

const EXPLAIN = { 'cost-explain': 'a-secret-of-tests' };
const user = (id: string) => ({ id, age: 30, name: `user ${id}` });

/** Whole gateways on two subgraphs, one for each mode. */
describe('costs', () => {
  const stack = new ClosingStack();
  let shop: RunningSubgraph;
  let reviews: RunningSubgraph;
  beforeAll(async () => {
    shop = stack.add(
      'shop',
      await startSubgraph({
        name: 'shop',
        sdl: SHOP,
        resolvers: {
          Query: {
            hello: () => 'hello',
            me: () => user('1'),
            users: () => ['1', '2', '3'].map(user),
            films: () => ({ edges: [{ cursor: 'a', node: null }] }),
          },
          Mutation: { rename: () => user('1') },
          User: { __resolveReference: ({ id }: { id: string }) => user(id), friends: () => [] },
        },
      }),
    );
    reviews = stack.add(
      'reviews',
      await startSubgraph({
        name: 'reviews',
        sdl: REVIEWS,
        resolvers: {
          User: {
            __resolveReference: ({ id }: { id: string }) => ({ id }),
            reviews: (_: unknown, { first }: { first: number }) =>
              [{ id: '1', text: 'good', writer: { id: '2' } }].slice(0, first),
          },
        },
      }),
    );
  });
  afterAll(() => stack.close());

  const start = async (environment: Record<string, string>): Promise<TestGateway> => {
    const options = { GATEWAY_COST_EXPLAIN_KEY: EXPLAIN['cost-explain'], ...environment };
    return stack.add('gateway', await startTestGateway([shop.schema, reviews.schema], options));
  };

  describe('in the mode enforce', () => {
    let gateway: TestGateway;
    beforeAll(async () => {
      gateway = await start({
        GATEWAY_COST_MODE: 'enforce',
        GATEWAY_COST_MAX_COST: '100',
        GATEWAY_COST_SUBGRAPH_REVIEWS_MAX_COST: '40',
      });
    });

    it('answers what is within the bounds', async () => {
      const { status, body } = await gateway.query('{ users(max: 5) { age } }');
      expect({ status, body }).toEqual({
        status: 200,
        body: { data: { users: [{ age: 30 }, { age: 30 }, { age: 30 }] } },
      });
    });

    it('refuses what costs too much, by its variables, and asks no subgraph', async () => {
      shop.reset();
      const { status, body } = await gateway.query('query ($max: Int) { users(max: $max) { age } }', {
        variables: { max: 50 },
      });
      expect(status).toBe(400);
      expect(body).toEqual({
        errors: [
          {
            message:
              'The operation exceeds the limit cost.maxCost: it is estimated at 152 points, allowed are 100. Ask for shorter lists, or for fewer inside one another.',
            extensions: { code: 'COST_ESTIMATED_TOO_EXPENSIVE', limit: 'cost.maxCost', value: 152, bound: 100 },
          },
        ],
      });
      expect(shop.calls()).toEqual([]);
    });

    it('refuses what costs one subgraph too much, and asks none', async () => {
      shop.reset();
      const { status, body } = await gateway.query('{ users(max: 5) { reviews(first: 2) { text } } }');
      expect(status).toBe(400);
      const limit = 'cost.subgraph.reviews.maxCost';
      expect(body.errors?.[0]?.extensions).toEqual({
        code: 'SUBGRAPH_COST_ESTIMATED_TOO_EXPENSIVE',
        limit,
        value: 60,
        bound: 40,
      });
      expect(body.errors?.[0]?.message).toContain(
        'what it asks of "reviews" is estimated at 60 points, allowed are 40',
      );
      expect(shop.calls()).toEqual([]);
    });

    it.each([
      ['none', '{ films { total } }'],
      ['null', '{ films(first: null) { total } }'],
      ['a variable that is not given', 'query ($first: Int) { films(first: $first) { total } }'],
      ['two', '{ films(first: 1, last: 1) { total } }'],
    ])('refuses a field that needs one slicing argument and has %s', async (_, query) => {
      const { status, body } = await gateway.query(query);
      expect(status).toBe(400);
      const [error] = body.errors ?? [];
      expect(error?.extensions).toEqual({ code: 'SLICING_ARGUMENT_REQUIRED' });
      expect(error?.message).toMatch(
        /^The field "Query.films" needs exactly one of its arguments first, last: (none|2) /,
      );
      expect(error?.locations).toEqual([{ line: 1, column: query.indexOf('films') + 1 }]);
    });

    it.each([
      ['one', 'query ($first: Int) { films(first: $first) { total } }', { first: 1 }],
      ['none, and is left out', '{ films @skip(if: true) { total } hello }', {}],
      ['none, and a default', '{ page { id } }', {}],
    ])('answers a field that has %s', async (_, query, variables) => {
      expect((await gateway.query(query, { variables })).status).toBe(200);
    });
  });

  describe('in the mode report', () => {
    let gateway: TestGateway;
    beforeAll(async () => {
      gateway = await start({ GATEWAY_COST_MAX_COST: '10', GATEWAY_COST_SUBGRAPH_REVIEWS_MAX_COST: '40' });
    });

    it('answers everything, and tells of what costs too much', async () => {
      const excesses: CostExcess[] = [];
      const note = (excess: unknown) => excesses.push(excess as CostExcess);
      subscribe('gateway:cost-excess', note);
      const { status, body } = await gateway.query(
        'query Large { users(max: 5) { reviews(first: 2) { text } } films { total } }',
      );
      unsubscribe('gateway:cost-excess', note);
      expect({ status, errors: body.errors }).toEqual({ status: 200, errors: undefined });
      const told = { operation: 'Large', isRefused: false };
      expect(excesses).toEqual([
        { ...told, limit: 'cost.maxCost', value: 1 + (1 + 5 * (1 + 1 + 2 * (3 + 2))) + (1 + 1), bound: 10 },
        { ...told, limit: 'cost.subgraph.reviews.maxCost', value: 60, bound: 40 },
      ]);
    });

    it('tells who listens what each operation was estimated to cost, and what it did', async () => {
      const events: CostEvent[] = [];
      const note = (event: unknown) => events.push(event as CostEvent);
      subscribe('gateway:cost', note);
      await gateway.query('query Users { users(max: 5) { age } }');
      await gateway.query('mutation { rename(name: "x") { age } }');
      unsubscribe('gateway:cost', note);
      expect(events).toEqual([
        {
          operation: 'Users',
          kind: 'query',
          estimated: 17,
          actual: 1 + 3 * 2 + 1 + 3,
          excess: expect.anything() as unknown,
        },
        { operation: undefined, kind: 'mutation', estimated: 14, actual: 14, excess: expect.anything() as unknown },
      ]);
    });

    it('explains itself to who has the key', async () => {
      const query = 'query Explained { users(max: 5) { age } }';
      const { body } = await gateway.query(query, { headers: EXPLAIN });
      expect(body.extensions).toEqual({
        cost: {
          estimated: { total: 17, fields: 11, types: 6 },
          actual: { total: 11, fields: 7, types: 4 },
          maxCost: 10,
          subgraphs: { shop: 17 },
        },
      });
      for (const headers of [{}, { 'cost-explain': 'another-secret' }])
        expect((await gateway.query(query, { headers })).body).not.toHaveProperty('extensions');
    });

    it.each(SUBGRAPH_TABLE)('weighs for each subgraph $name', async ({ query, variables, subgraphs }) => {
      const { body } = await gateway.query(query, { headers: EXPLAIN, ...(variables && { variables }) });
      expect(body.extensions?.cost).toMatchObject({ subgraphs });
    });
  });

  it('are not looked at when they are off', async () => {
    const gateway = await start({ GATEWAY_COST_MODE: 'off', GATEWAY_COST_MAX_COST: '1' });
    const { status, body } = await gateway.query('{ users { age } }', { headers: EXPLAIN });
    expect({ status, keys: Object.keys(body) }).toEqual({ status: 200, keys: ['data'] });
  });
});
