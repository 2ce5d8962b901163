import { hash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADMIN_KEY, type RoverRegistry, startRoverRegistry } from '../support/rover-registry.ts';
import { PRODUCTS, UNCOMPOSABLE, USERS } from '../support/shop.ts';

const ADMINISTRATOR = expect.stringMatching(/^administrator \([\da-f]{8}\)$/);

describe('what the console asks', () => {
  let registry: RoverRegistry;
  beforeAll(async () => {
    registry = await startRoverRegistry({ console: { gatewayUrl: 'http://localhost:4000/' } });
    await registry.publish('shop@current', 'users', USERS);
    await registry.publish('shop@current', 'products', PRODUCTS);
    await registry.publish('shop@current', 'users', USERS.replace('name: String', 'name: String, age: Int'));
  });
  afterAll(() => registry.close());

  const onVariant = async (fields: string) => {
    const { graph } = await registry.ask(`{ graph(id: "shop") { variant(name: "current") { ${fields} } } }`);
    return (graph as { variant: Record<string, unknown> }).variant;
  };
  const as = async (key: string | undefined, query: string) => {
    const response = await fetch(registry.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(key === undefined ? {} : { 'x-api-key': key }) },
      body: JSON.stringify({ query }),
    });
    return ((await response.json()) as { data: Record<string, unknown> }).data;
  };

  it('is who looks, what he may do, and where the explorer is', async () => {
    expect(await registry.ask('{ viewer { name graphId verbs } explorerUrl }')).toEqual({
      viewer: { name: ADMINISTRATOR, graphId: null, verbs: ['admin'] },
      explorerUrl: 'http://localhost:4000/graphql/explorer',
    });
    expect(await as(undefined, '{ viewer { name } }')).toEqual({ viewer: null });
    expect(await onVariant('allowed')).toEqual({ allowed: ['read', 'check', 'publish', 'report', 'admin'] });
    const team = await registry.createKey({ name: 'team', graphId: 'shop', subgraph: 'users', verbs: ['publish'] });
    expect(await as(team, '{ graph(id: "shop") { variant(name: "current") { allowed } } }')).toEqual({
      graph: { variant: { allowed: ['read'] } },
    });
  });

  it('is which subgraphs a type comes from', async () => {
    expect(
      await onVariant('type(name: "User") { kind isEntity fieldCount shares { subgraph keys fieldCount } }'),
    ).toEqual({
      type: {
        ...{ kind: 'OBJECT', isEntity: true, fieldCount: 3 },
        shares: [
          { subgraph: 'products', keys: ['id'], fieldCount: 1 },
          { subgraph: 'users', keys: ['id'], fieldCount: 3 },
        ],
      },
    });
    expect(await onVariant('types { name } missing: type(name: "Nope") { name }')).toEqual({
      types: ['Product', 'Query', 'User'].map((name) => ({ name })),
      missing: null,
    });
  });

  it('is how often a type is used, and by whom', async () => {
    const body = 'query Me { me { name } }';
    const operation = { hash: hash('sha256', body), name: 'Me', body, coordinates: ['Query.me', 'User.name'] };
    const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
    const count = (name: string, ago: number, times: number) => ({
      ...{ hash: operation.hash, day: day(ago), client: { name, version: '1' }, count: times },
    });
    const response = await fetch(`${registry.url}/usage`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': ADMIN_KEY },
      body: JSON.stringify({
        ...{ id: randomUUID(), graph: 'shop', variant: 'current' },
        gateway: { instance: randomUUID(), supergraph: null },
        ...{ operations: [operation], counts: [count('web', 0, 5), count('web', 3, 2), count('ios', 20, 4)] },
      }),
    });
    expect(response.status).toBe(200);
    const usage = (days: number) =>
      onVariant(`type(name: "User") { usage(days: ${days}) {
        from requests clients { name requests fields } fields { name requests } operations { name requests } } }`);
    const fields = ['name'];
    expect(await usage(7)).toEqual({
      type: {
        usage: {
          ...{ from: day(6), requests: 7, clients: [{ name: 'web', requests: 7, fields }] },
          ...{ fields: [{ name: 'name', requests: 7 }], operations: [{ name: 'Me', requests: 7 }] },
        },
      },
    });
    expect(await usage(30)).toMatchObject({
      type: { usage: { requests: 11, clients: [{ name: 'web' }, { name: 'ios', requests: 4 }] } },
    });
    expect(await onVariant('type(name: "Product") { usage { requests clients { name } } }')).toEqual({
      type: { usage: { requests: 0, clients: [] } },
    });
  });

  it('is who owns a subgraph, and when it was published last', async () => {
    await registry.createKey({ name: 'products team', graphId: 'shop', subgraph: 'products', verbs: ['publish'] });
    await registry.createKey({ name: 'readers', graphId: 'shop', subgraph: 'products', verbs: ['read'] });
    const revoked = await registry.createKey({
      name: 'gone',
      graphId: 'shop',
      subgraph: 'products',
      verbs: ['publish'],
    });
    const { keys } = (await registry.ask('{ keys { id name } }')) as { keys: { id: string; name: string }[] };
    expect(revoked).toContain('shop');
    await registry.ask('mutation ($id: ID!) { revokeKey(id: $id) { id } }', {
      id: keys.find(({ name }) => name === 'gone')?.id,
    });
    expect(await onVariant('subgraphs { name owners lastPublish { number actor } }')).toEqual({
      subgraphs: [
        { name: 'products', owners: ['products team'], lastPublish: { number: 2, actor: ADMINISTRATOR } },
        { name: 'users', owners: ['team'], lastPublish: { number: 3, actor: ADMINISTRATOR } },
      ],
    });
  });

  it('is what a version changed in the schemas of subgraphs', async () => {
    const changes = 'subgraphChanges { name before after urlBefore urlAfter }';
    expect(
      await onVariant(`first: version(number: 1) { ${changes} } third: version(number: 3) { ${changes} }`),
    ).toEqual({
      first: {
        subgraphChanges: [
          { name: 'users', before: null, after: USERS, urlBefore: null, urlAfter: 'http://users.test/graphql' },
        ],
      },
      third: {
        subgraphChanges: [
          {
            ...{ name: 'users', before: USERS, after: USERS.replace('name: String', 'name: String, age: Int') },
            ...{ urlBefore: 'http://users.test/graphql', urlAfter: 'http://users.test/graphql' },
          },
        ],
      },
    });
  });

  it('is the newest version, whether it composed or not', async () => {
    await registry.publish('shop@broken', 'users', UNCOMPOSABLE);
    expect(
      await registry.ask(
        '{ graph(id: "shop") { variant(name: "broken") { newest { composed } current { number } types { name } } } }',
      ),
    ).toEqual({ graph: { variant: { newest: { composed: false }, current: null, types: null } } });
  });

  it('are the checks of a variant, newest first, with what they found', async () => {
    const check = async (sdl: string) => {
      registry.rover.write('proposed.graphql', sdl);
      const args = ['subgraph', 'check', 'shop@current', '--name', 'users', '--schema', 'proposed.graphql'];
      await registry.rover.run([...args]);
    };
    await check(USERS.replace('name: String', 'name: String, age: Int, size: Int'));
    await check(USERS.replace('  name: String\n', ''));
    const { checks } = (await onVariant('checks { id status subgraph variant actor }')) as {
      checks: { id: string }[];
    };
    const common = { subgraph: 'users', variant: 'current', actor: ADMINISTRATOR, id: expect.any(String) };
    expect(checks).toEqual([
      { ...common, status: 'FAILED' },
      { ...common, status: 'PASSED' },
    ]);
    expect(
      await registry.ask(
        `query ($id: ID!) { graph(id: "shop") { checkWorkflow(id: $id) { subgraph createdAt tasks {
          ... on OperationsCheckTask { result { changes { severity code } } } } } } }`,
        { id: checks[0]?.id },
      ),
    ).toMatchObject({
      graph: {
        checkWorkflow: {
          subgraph: 'users',
          tasks: expect.arrayContaining([
            { result: { changes: expect.arrayContaining([{ severity: 'FAILURE', code: 'FIELD_REMOVED' }]) } },
          ]),
        },
      },
    });
  });
});
