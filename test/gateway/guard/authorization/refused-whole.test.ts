import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type GuardedGraph, startGuardedGraph } from './guarded-graph.ts';

const SUBGRAPH = {
  name: 'one',
  sdl: `
    type Query { open: String item: Item items: [Item] }
    type Mutation { change: String @authenticated leave: String }
    type Item { name: String cost: Int @authenticated }
  `,
  resolvers: {
    Query: { open: () => 'open', item: () => ({ name: 'x', cost: 1 }), items: () => [{ name: 'x', cost: 1 }] },
    Mutation: { change: () => 'changed', leave: () => 'left' },
  },
};

describe('where operations are refused whole', () => {
  let graph: GuardedGraph;
  beforeAll(async () => {
    graph = await startGuardedGraph([SUBGRAPH], { environment: { GATEWAY_AUTHORIZATION_UNAUTHORIZED: 'refuse' } });
  });
  afterAll(() => graph.close());

  it.each(['application/json', 'application/graphql-response+json'])(
    'one with anything refused gets 403 as %s, with every place, and no subgraph is asked',
    async (accept) => {
      const query = '{ open items { ...Cost again: cost } }\nfragment Cost on Item { cost }';
      const { status, body } = await graph.ask(query, {}, { headers: { accept } });
      const message = 'Item.cost is not for you: it needs an authenticated caller.';
      const extensions = { code: 'UNAUTHORIZED_FIELD_OR_TYPE' };
      expect({ status, body }).toEqual({
        status: 403,
        body: {
          errors: [
            { message, path: ['items', 'cost'], locations: [{ line: 2, column: 25 }], extensions },
            { message, path: ['items', 'again'], locations: [{ line: 1, column: 24 }], extensions },
          ],
        },
      });
      expect(graph.received()).toEqual([]);
    },
  );

  it('a mutation is not begun', async () => {
    expect((await graph.ask('mutation { leave change }')).status).toBe(403);
    expect(graph.received()).toEqual([]);
  });

  it('what is left out this time is not refused', async () => {
    const query = 'query ($all: Boolean!) { item { name cost @include(if: $all) } open @skip(if: true) }';
    const ask = (all: boolean) => graph.ask(query, {}, { variables: { all } });
    expect((await ask(false)).body).toEqual({ data: { item: { name: 'x' } } });
    expect((await ask(true)).status).toBe(403);
  });

  it('a condition that is null is the fault of who sends it', async () => {
    const query = 'query ($all: Boolean = true) { item { name cost @include(if: $all) } }';
    const { status, body } = await graph.ask(query, {}, { variables: { all: null } });
    expect([status, body.errors?.[0]?.extensions.code]).toEqual([400, 'BAD_USER_INPUT']);
  });

  it('who may have all of it gets it', async () => {
    const { body } = await graph.ask('{ items { cost } }', { scopes: [] });
    expect(body).toEqual({ data: { items: [{ cost: 1 }] } });
  });
});
