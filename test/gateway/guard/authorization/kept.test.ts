import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { withoutSecurity } from '../../../support/older-composer.ts';
import type { Answer } from '../../../support/test-gateway.ts';
import { type Caller, type GuardedGraph, startGuardedGraph } from './guarded-graph.ts';

/** Answers that are kept go by what was decided, never by who asked. */

const SHOP = {
  name: 'shop',
  sdl: `
    type Query { product: Product secret: String @authenticated }
    type Mutation { open: Product close: Product @requiresScopes(scopes: [["admin"]]) }
    type Product @key(fields: "id") {
      id: ID! name: String cost: Int @authenticated margin: Int @authenticated note: String @requiresScopes(scopes: [["notes"]])
      fault: Int
    }
  `,
  resolvers: {
    Query: { product: () => PRODUCT, secret: () => 'secret' },
    Mutation: { open: () => PRODUCT, close: () => PRODUCT },
    Product: {
      fault: () => {
        throw new Error('out of order');
      },
    },
  },
};

const PRODUCT = { id: '1', name: 'Gear', cost: 10, margin: 3, note: 'a note' };

const INVALIDATION_KEY = 'the key of invalidations';
const ANONYMOUS: Caller = {};
const QUERY = '{ product { name cost note } }';

describe('an answer with something guarded', () => {
  let graph: GuardedGraph;
  beforeAll(async () => {
    const environment = {
      GATEWAY_CACHE_MUTATIONS: '{ close: { types: [Product] } }',
      GATEWAY_CACHE_INVALIDATION_KEY: INVALIDATION_KEY,
    };
    graph = await startGuardedGraph([SHOP], { environment });
    for (const subgraph of graph.subgraphs) subgraph.control = 'public, max-age=60';
  });
  beforeEach(async () => {
    const response = await fetch(`${graph.gateway.adminUrl}/invalidate`, {
      method: 'POST',
      headers: { authorization: `Bearer ${INVALIDATION_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify([{ kind: 'subgraph', subgraph: 'shop' }]),
    });
    expect(response.status).toBe(200);
    for (const { calls } of graph.subgraphs) calls.length = 0;
  });
  afterAll(() => graph.close());

  const countCalls = () => graph.subgraphs.reduce((count, { calls }) => count + calls.length, 0);
  const productOf = ({ body }: Answer) => (body.data as { product: unknown }).product;

  it('is kept when nothing but refusals is wrong with it, and told with them again', async () => {
    const first = await graph.ask(QUERY, ANONYMOUS);
    const second = await graph.ask(QUERY, ANONYMOUS);
    expect(second.body).toEqual(first.body);
    expect(second.body.errors?.map(({ path }) => path)).toEqual([
      ['product', 'cost'],
      ['product', 'note'],
    ]);
    expect(second.headers.get('cache-status')).toContain('hit');
    expect(countCalls()).toBe(1);
  });

  it('is one for all on whom was decided alike', async () => {
    const callers = [
      { subject: 'ada', scopes: ['notes'] },
      { subject: 'bob', scopes: ['notes', 'other'] },
    ];
    for (const caller of callers)
      expect(productOf(await graph.ask(QUERY, caller))).toEqual({ name: 'Gear', cost: 10, note: 'a note' });
    expect(countCalls()).toBe(1);
  });

  it('is never given to others', async () => {
    const expected: readonly (readonly [Caller, unknown])[] = [
      [{ scopes: ['notes'] }, { name: 'Gear', cost: 10, note: 'a note' }],
      [ANONYMOUS, { name: 'Gear', cost: null, note: null }],
      [{ scopes: [] }, { name: 'Gear', cost: 10, note: null }],
    ];
    for (const [caller, product] of [...expected, ...expected, ...expected.toReversed()])
      expect(productOf(await graph.ask(QUERY, caller))).toEqual(product);
    expect(countCalls()).toBe(3);
  });

  it('is kept for who may have it, however often others ask who may not', async () => {
    for (let times = 0; times < 2; times++) await graph.ask('{ secret }', ANONYMOUS);
    for (let times = 0; times < 2; times++)
      expect((await graph.ask('{ secret }', { scopes: [] })).body).toEqual({ data: { secret: 'secret' } });
    expect(countCalls()).toBe(1);
  });

  it('is for no cache between, whatever the subgraphs say', async () => {
    for (const caller of [ANONYMOUS, { scopes: ['notes'] }]) {
      const { headers } = await graph.ask(QUERY, caller);
      expect(headers.get('cache-control')).toMatch(/, private$/);
    }
    const open = await graph.ask('{ product { name } }', ANONYMOUS);
    expect(open.headers.get('cache-control')).toMatch(/, public$/);
  });

  it('is not kept when something else is wrong with it', async () => {
    for (let times = 0; times < 2; times++) await graph.ask('{ product { cost fault } }', ANONYMOUS);
    expect(countCalls()).toBe(2);
  });

  it('is voided by a mutation that is done, not by one that is refused', async () => {
    const open = '{ product { name } }';
    await graph.ask(open);
    await graph.ask('mutation { open { id } close { id } }', ANONYMOUS);
    expect((await graph.ask(open)).headers.get('cache-status')).toContain('hit');
    await graph.ask('mutation { close { id } }', { scopes: ['admin'] });
    expect((await graph.ask(open)).headers.get('cache-status')).not.toContain('hit');
  });

  it('is not what it was when the rules have changed', async () => {
    const query = '{ product { name cost margin } }';
    const ask = async () => productOf(await graph.ask(query, ANONYMOUS));
    await graph.serve((sdl) =>
      withoutSecurity(sdl, ['Query.secret', 'Product.cost', 'Product.margin', 'Product.note', 'Mutation.close']),
    );
    expect(await ask()).toEqual({ name: 'Gear', cost: 10, margin: 3 });
    // The rule that this caller does not meet is the same before and after.
    await graph.serve((sdl) => withoutSecurity(sdl, ['Product.margin']));
    expect(await ask()).toEqual({ name: 'Gear', cost: null, margin: 3 });
    await graph.serve((sdl) => sdl);
    expect(await ask()).toEqual({ name: 'Gear', cost: null, margin: null });
  });
});
