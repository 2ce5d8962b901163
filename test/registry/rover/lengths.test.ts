import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { type RoverRegistry, startRoverRegistry } from '../support/rover-registry.ts';
import { USERS } from '../support/shop.ts';

const inGraph = (fields: string, variables: string) => `mutation (${variables}) { graph(id: "shop") { ${fields} } }`;
const inVariant = (fields: string, variables: string) => inGraph(`variant(name: "current") { ${fields} }`, variables);
const long = (length: number) => 'x'.repeat(length);

const TOO_LONG: readonly [what: string, query: string, variables: object, message: string][] = [
  [
    'a readme',
    inVariant('updateVariantReadme(readme: $readme) { name }', '$readme: String!'),
    { readme: long(200_001) },
    'The readme has 200001 characters; the registry takes 200000 at most.',
  ],
  [
    'the reason of an override',
    inVariant('addOverride(code: "A", coordinate: "B", reason: $reason) { code }', '$reason: String!'),
    { reason: long(1_001) },
    'The reason of an override has 1001 characters',
  ],
  [
    'the coordinate of an override, which stands in an index',
    inVariant('addOverride(code: "A", coordinate: $coordinate, reason: "C") { code }', '$coordinate: String!'),
    { coordinate: long(3_000) },
    'The coordinate of an override has 3000 characters',
  ],
  [
    'a policy',
    inVariant('setPolicy(policy: { lint: $lint }) { usageWindowDays }', '$lint: [LintRuleLevelInput!]'),
    { lint: Array.from({ length: 101 }, (_, number) => ({ rule: `R${number}`, level: 'OFF' })) },
    'A policy has 100 rules of lint at most.',
  ],
  [
    'the title of a graph',
    'mutation ($title: String!) { createGraph(id: "second", title: $title) { id } }',
    { title: long(201) },
    'The title of a graph has 201 characters',
  ],
  [
    'the name of a list of operations',
    inGraph('createPersistedQueryList(name: $name, variants: []) { id }', '$name: String!'),
    { name: long(201) },
    'The name of a list has 201 characters',
  ],
  [
    'the name of a variant that serves such a list',
    inGraph('createPersistedQueryList(name: "a", variants: [$name]) { id }', '$name: String!'),
    { name: long(64) },
    'cannot be the name of a variant',
  ],
];

describe('what is kept', () => {
  let registry: RoverRegistry;
  let databaseUrl: string;
  let client: Client;
  beforeAll(async () => {
    registry = await startRoverRegistry({}, async (url) => {
      databaseUrl = url;
      return url;
    });
    await registry.publish('shop@current', 'users', USERS);
    client = new Client({ connectionString: databaseUrl });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await registry.close();
  });

  it.each(TOO_LONG)('is not endless: %s', async (_, query, variables, message) => {
    await expect(registry.ask(query, variables as Record<string, unknown>)).rejects.toThrow(message);
  });

  it('is not endless: the operations of a manifest', async () => {
    const { graph } = (await registry.ask(
      'mutation { graph(id: "shop") { createPersistedQueryList(name: "a", variants: ["current"]) { id } } }',
    )) as { graph: { createPersistedQueryList: { id: string } } };
    const query = `mutation ($id: ID!, $operations: [PersistedQueryInput!]) { graph(id: "shop") {
      persistedQueryList(id: $id) { publishOperations(operations: $operations) { __typename } } } }`;
    const operations = [{ id: 'a', name: 'A', type: 'QUERY', body: `{ a } # ${long(500_000)}` }];
    const { id } = graph.createPersistedQueryList;
    await expect(registry.ask(query, { id, operations })).rejects.toThrow('The operation "A" has 500008 characters');
  });

  it('is not endless: the operations of a list, to which the same manifest may come again', async () => {
    const { rows } = await client.query<{ id: string }>(`insert into registry.persisted_query_list
      (graph_id, name, variants, created_at) values ('shop', 'full', '{}', now()) returning id`);
    const id = rows[0]?.id ?? '';
    await client.query(
      `insert into registry.persisted_operation (list_id, id, client_name, name, type, body)
      select $1, 'o' || number, '', 'O', 'QUERY', '{ a }' from generate_series(1, 99999) number`,
      [id],
    );
    const publish = (...ids: string[]) => {
      const operations = ids.map((each) => ({ id: each, name: 'O', type: 'query', body: '{ a }' }));
      const manifest = { format: 'apollo-persisted-query-manifest', version: 1, operations };
      const file = registry.rover.write('manifest.json', JSON.stringify(manifest));
      const list = ['--graph-id', 'shop', '--list-id', id];
      return registry.rover.run(['persisted-queries', 'publish', ...list, '--manifest', file]);
    };
    expect(await publish('o1', 'more', 'other')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('The list "full" would have 100001 operations, and the registry takes 100000'),
    });
    expect(await publish('o1', 'more')).toMatchObject({ exitCode: 0 });
    expect(await publish('o1', 'more')).toMatchObject({ exitCode: 0 });
  });

  it('is not endless: the overrides of a variant, of which one more may replace another', async () => {
    await client.query(`insert into registry.override (graph_id, variant, code, coordinate, reason, actor, created_at)
      select 'shop', 'current', 'FIELD_REMOVED', 'User.f' || number, 'agreed', 'ada', now() from generate_series(1, 998) number
      union all values ('shop', 'current', 'FIELD_REMOVED', 'User.id', 'agreed', 'ada', now())`);
    const add = (coordinate: string) =>
      registry.ask(
        inVariant(
          'addOverride(code: "FIELD_REMOVED", coordinate: $coordinate, reason: "B") { reason }',
          '$coordinate: String!',
        ),
        { coordinate },
      );
    const outcomes = await Promise.allSettled([add('User.name'), add('Query.me')]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(add('User')).rejects.toThrow(
      'The variant has 1000 overrides, and the registry takes 1000 at most. Remove those',
    );
    expect(await add('User.id')).toMatchObject({ graph: { variant: { addOverride: { reason: 'B' } } } });
  });

  it('is in the audit log of a refusal too, but not all of a name of megabytes', async () => {
    const variant = `\0${long(1_000_000)}`;
    const publishing = registry.ask(
      `mutation ($variant: String!) { graph(id: "shop") {
        publishSubgraph(graphVariant: $variant, name: "users", revision: "1", activePartialSchema: { sdl: "" }, gitContext: {}) { wasCreated } } }`,
      { variant },
    );
    await expect(publishing).rejects.toThrow('cannot be the name of a variant');
    const { audit } = await registry.ask('{ audit(first: 1) { action variant outcome } }');
    expect(audit).toEqual([{ action: 'subgraph.publish', variant: long(99), outcome: 'NAME_INVALID' }]);
  });
});
