import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import { readSupergraphYaml } from '../../composition/supergraph-yaml.ts';
import { buildPlanner, type LocalPlanner } from '../../planning/planner.ts';
import { demoId } from '../../subgraphs/demo.ts';
import type { RunningSubgraphs, SUBGRAPH_NAMES } from '../../subgraphs/start-all.ts';
import { fetchesIn } from '../support/fetches-in.ts';
import { describeOnEachPostgres, type TestDatabase } from '../support/servers.ts';
import { composeOrThrow } from '../support/test-gateway.ts';
import { startTestSystem } from '../support/test-system.ts';
import { logIn } from './support/log-in.ts';

const ADA = { __typename: 'User', id: demoId('user', 1) };
const GEAR = { __typename: 'Product', id: demoId('product', 1) };
const ORDER = { __typename: 'Order', id: demoId('order', 1) };
const NOTIFICATION = { __typename: 'Notification', id: demoId('notification', 1) };
const REPRESENTATIONS = 'query ($representations: [_Any!]!) { _entities(representations: $representations)';

type SubgraphName = (typeof SUBGRAPH_NAMES)[number];

/** A fetch in the words of the gateway, and what is said of its answer. */
interface Asked {
  readonly query: string;
  readonly representations?: readonly unknown[];
  /** Who asks: Ada by default. */
  readonly token?: string | undefined;
}

describeOnEachPostgres('what subgraphs say of keeping their answers', (kind) => {
  let database: TestDatabase;
  let system: RunningSubgraphs;
  let planner: LocalPlanner;
  let ada: string;
  let admin: string;

  beforeAll(async () => {
    database = await kind.create();
    system = await startTestSystem(database.url);
    const { subgraphs } = await readSupergraphYaml('supergraph.yaml', { environment: {} });
    planner = buildPlanner(composeOrThrow(subgraphs));
    ada = (await logIn(system.users.url, 'ada@example.com')).accessToken;
    admin = (await logIn(system.users.url, 'admin@example.com')).accessToken;
  });

  afterAll(async () => {
    await system.close();
    await database.close();
  });

  async function headerOf(subgraph: SubgraphName, { query, representations, token = ada }: Asked) {
    const response = await fetch(`${system[subgraph].url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token === '' ? {} : { authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ query, variables: { representations } }),
    });
    await response.json();
    return response.headers.get('cache-control');
  }

  /** The fetches of the plan for a query, each sent with these representations where it has some. */
  async function headersOf(query: string, representations: Readonly<Record<string, unknown>>) {
    const fetches = fetchesIn(planner.plan(parse(query), undefined));
    return Promise.all(
      fetches.map(async ({ serviceName, operation, requires }) => {
        const asked = {
          query: operation,
          ...(requires === undefined ? {} : { representations: [representations[serviceName]] }),
        };
        return `${serviceName} ${requires === undefined ? 'root' : 'entities'}: ${await headerOf(serviceName as SubgraphName, asked)}`;
      }),
    );
  }

  it('keeps everything of the lesson’s query for the caller alone, and for a short time', async () => {
    const lesson = '{ me { name email orders(first: 2) { id total } notifications(first: 1) { message } } }';
    expect((await headersOf(lesson, { orders: ADA, notifications: ADA })).sort()).toEqual([
      'notifications entities: max-age=5, private',
      'orders entities: max-age=30, private',
      'users root: max-age=60, private',
    ]);
  });

  it('keeps products for everyone: long, but not whether one is in stock', async () => {
    const list = (fields: string) =>
      `{ products(first: 5) { edges { cursor node { ${fields} } } pageInfo { endCursor } } }`;
    expect(await headersOf(list('id name price'), {})).toEqual(['products root: max-age=300, public']);
    expect(await headersOf(list('id name inStock'), {})).toEqual(['products root: max-age=30, public']);
    expect(await headersOf(`{ product(id: "${GEAR.id}") { name price } }`, {})).toEqual([
      'products root: max-age=3600, public',
    ]);
    const lines = '{ me { orders { lines { quantity product { name price } } } } }';
    expect(await headersOf(lines, { orders: ADA, products: GEAR })).toEqual([
      'users root: max-age=60, private',
      'orders entities: max-age=30, private',
      'products entities: max-age=3600, public',
    ]);
  });

  it.each<[string, SubgraphName, unknown, string]>([
    [
      'orders of all kinds',
      'orders',
      ADA,
      '... on User { orders(status: PLACED) { lines { product { id } quantity } user { id } } }',
    ],
    [
      'the history of orders',
      'orders',
      ADA,
      '... on User { orderHistory { edges { cursor node { total } } pageInfo { endCursor } } }',
    ],
    ['an order', 'orders', ORDER, '... on Order { total status }'],
    ['notifications and their orders', 'notifications', ADA, '... on User { notifications { id order { id } } }'],
    ['a notification', 'notifications', NOTIFICATION, '... on Notification { message readAt }'],
    ['a user', 'users', ADA, '... on User { email }'],
  ])('keeps %s as entities, for the caller alone', async (_, subgraph, representation, selection) => {
    const asked = { query: `${REPRESENTATIONS} { ${selection} } }`, representations: [representation] };
    expect(await headerOf(subgraph, asked)).toMatch(/^max-age=(5|30|60), private$/);
  });

  it('keeps a batch for as long as the entity that may be kept for the shortest time', async () => {
    const query = `${REPRESENTATIONS} { ... on User { notifications { id } } ... on Notification { message } } }`;
    expect(await headerOf('notifications', { query, representations: [NOTIFICATION, ADA] })).toBe('max-age=5, private');
  });

  it('keeps nothing of a batch in which one entity fails', async () => {
    const other = { ...ADA, id: demoId('user', 2) };
    const query = `${REPRESENTATIONS} { ... on User { email } } }`;
    expect(await headerOf('users', { query, representations: [ADA] })).toBe('max-age=60, private');
    expect(await headerOf('users', { query, representations: [ADA, other] })).toBe('no-store');
  });

  it.each<[string, SubgraphName, string]>([
    ['the list of all users', 'users', '{ users { edges { node { name } } } }'],
    ['a login', 'users', 'mutation { login(email: "ada@example.com", password: "analytical-engine") { accessToken } }'],
    ['a change of a profile', 'users', 'mutation { updateProfile(name: "Ida Rhodes") { name } }'],
    ['a change of stock', 'products', `mutation { adjustStock(productId: "${GEAR.id}", delta: 1) { inStock } }`],
    ['an error', 'products', '{ product { name } }'],
    ['a schema', 'products', '{ _service { sdl } }'],
  ])('keeps nothing of %s', async (_, subgraph, query) => {
    expect(await headerOf(subgraph, { query, token: admin })).toBe('no-store');
  });

  it('keeps for the caller alone that nobody is logged in', async () => {
    expect(await headerOf('users', { query: '{ me { name } }', token: '' })).toBe('max-age=60, private');
  });

  it('has a hint on each type that entities are asked of, because one without a hint would be kept as long as its batch', async () => {
    const { subgraphs } = await readSupergraphYaml('supergraph.yaml', { environment: {} });
    const bare = subgraphs.flatMap(({ name, sdl }) =>
      parse(sdl).definitions.flatMap((definition) => {
        if (definition.kind !== 'ObjectTypeDefinition') return [];
        const { directives = [] } = definition;
        const isEntity = directives.some((directive) => directive.name.value === 'key');
        return isEntity && !directives.some((directive) => directive.name.value === 'cacheControl')
          ? [`${name} ${definition.name.value}`]
          : [];
      }),
    );
    expect(bare).toEqual([]);
  });
});
