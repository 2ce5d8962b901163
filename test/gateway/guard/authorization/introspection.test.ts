import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  buildClientSchema,
  getIntrospectionQuery,
  type IntrospectionQuery,
  lexicographicSortSchema,
  printSchema,
} from 'graphql';
import { type Caller, type GuardedGraph, startGuardedGraph } from './guarded-graph.ts';

const SUBGRAPH = {
  name: 'one',
  sdl: `
    type Query {
      open(level: Level, filter: Filter, plain: Plain): String
      byLevel(level: Level!): String
      item: Item
      items: [Item!]!
      vault: Vault
      found: Found
      node: Node
      hall: Hall
      named: Named
      level: [Level]
    }
    type Mutation @authenticated { change: String }
    interface Node { id: ID! secret: String }
    interface Named { name: String }
    type Item implements Node & Named { id: ID! secret: String @authenticated name: String scoped: Int @requiresScopes(scopes: [["s"]]) }
    type Vault implements Named @authenticated { name: String gold: Gold }
    type Gold { weight: Int @policy(policies: [["p"]]) }
    type Hall { chest: Chest }
    type Chest @requiresScopes(scopes: [["s"]]) { key: String }
    union Found = Item | Vault
    enum Level @requiresScopes(scopes: [["s"]]) { LOW }
    input Filter { text: String level: Level }
    input Plain { text: String }
  `,
  resolvers: { Query: { open: () => 'open' } },
};

async function schemaOf(graph: GuardedGraph, caller: Caller): Promise<string> {
  const { body } = await graph.ask(getIntrospectionQuery(), caller);
  expect(body.errors).toBeUndefined();
  return printSchema(lexicographicSortSchema(buildClientSchema(body.data as unknown as IntrospectionQuery)));
}

describe('introspection', () => {
  let permitted: GuardedGraph;
  let all: GuardedGraph;
  beforeAll(async () => {
    all = await startGuardedGraph([SUBGRAPH]);
    permitted = await startGuardedGraph([SUBGRAPH], {
      environment: { GATEWAY_AUTHORIZATION_INTROSPECTION: 'permitted' },
    });
  });
  afterAll(async () => {
    await all.close();
    await permitted.close();
  });

  it('shows everything to everyone by default', async () => {
    expect(await schemaOf(all, {})).toBe(await schemaOf(permitted, { scopes: ['s'], policies: ['p'] }));
  });

  it('shows an anonymous caller what such a one may have, where that is wanted', async () => {
    expect(await schemaOf(permitted, {})).toBe(`union Found = Item

type Item implements Node {
  id: ID!
  name: String
}

interface Node {
  id: ID!
}

input Plain {
  text: String
}

type Query {
  found: Found
  item: Item
  items: [Item!]!
  node: Node
  open(plain: Plain): String
}`);
  });

  it('shows each caller their own', async () => {
    const authenticated = await schemaOf(permitted, { scopes: [] });
    expect(authenticated).toMatch(/type Mutation {\n {2}change: String\n}/);
    expect(authenticated).toMatch(
      /type Item implements Named & Node {\n {2}id: ID!\n {2}name: String\n {2}secret: String\n}/,
    );
    // Of a vault its gold could be had, and of that nothing.
    expect(authenticated).toMatch(/type Vault implements Named {\n {2}name: String\n}/);
    expect(authenticated).not.toMatch(/Gold|Level|Hall|Chest/);
    const scoped = await schemaOf(permitted, { scopes: ['s'] });
    expect(scoped).toMatch(/type Hall {\n {2}chest: Chest\n}/);
    expect(scoped).toMatch(/byLevel\(level: Level!\): String/);
    expect(scoped).not.toMatch(/Gold/);
    expect(await schemaOf(permitted, {})).not.toMatch(/Vault/);
  });

  it('of one type, also beside data and with variables of a type that is not shown', async () => {
    const query =
      'query ($level: Level) { __type(name: "Level") { name } __schema { mutationType { name } } a: open(level: $level) __typename }';
    const answer = await permitted.ask(query, {}, { variables: { level: 'LOW' } });
    expect(answer.body.data).toEqual({
      __type: null,
      __schema: { mutationType: null },
      a: null,
      __typename: 'Query',
    });
    expect(permitted.received()).toEqual([]);
  });

  it('beside data that is kept is of each caller for itself', async () => {
    for (const subgraph of permitted.subgraphs) subgraph.control = 'public, max-age=60';
    const query = '{ open __type(name: "Vault") { name } __schema { mutationType { name } } }';
    const ask = async (caller: Caller) => (await permitted.ask(query, caller)).body.data;
    const some = { open: 'open', __type: { name: 'Vault' }, __schema: { mutationType: { name: 'Mutation' } } };
    const none = { open: 'open', __type: null, __schema: { mutationType: null } };
    expect([await ask({ scopes: [] }), await ask({}), await ask({ scopes: [] })]).toEqual([some, none, some]);
  });
});
