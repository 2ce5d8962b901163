import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import { readSupergraphYaml } from '../../../composition/supergraph-yaml.ts';
import { createAnswerTags, type FindAnswerTags } from '../../../gateway/cache/answer-tags.ts';
import { toPurgeTags } from '../../../gateway/cache/tag.ts';
import { findUnknown, readTagRules, type TagRules } from '../../../gateway/cache/tag-rules.ts';
import { buildPlanner, type LocalPlanner } from '../../../planning/planner.ts';
import { createEvents, type Events } from '../../../service/events.ts';
import { INVALIDATED, type Invalidation, readInvalidatedData } from '../../../service/invalidation.ts';
import { createLog } from '../../../service/logs.ts';
import { DEMO_PRODUCTS, demoId } from '../../../subgraphs/demo.ts';
import type { RunningSubgraphs } from '../../../subgraphs/start-all.ts';
import { ask } from '../../subgraphs/support/ask.ts';
import { logIn } from '../../subgraphs/support/log-in.ts';
import { fetchesIn } from '../../support/fetches-in.ts';
import { createTestDatabase, type TestDatabase } from '../../support/servers.ts';
import { composeOrThrow } from '../../support/test-gateway.ts';
import { startTestSystem } from '../../support/test-system.ts';
import { until } from '../../support/until.ts';

/**
 * The example services as they are: an answer of theirs, tagged as a gateway tags it, is void by what they tell when the data
 * in it change, and answers for other users are not.
 */

const LESSON = '{ me { name email orders(first: 2) { id total } notifications(first: 1) { message } } }';
const ADA = demoId('user', 1);
const CHARLES = demoId('user', 2);
const GEAR = demoId('product', 1);

/** The tags of the answers to the fetches of a plan, by subgraph. */
type Tagged = Readonly<Record<string, ReadonlySet<string>>>;

describe('what the services tell', () => {
  let database: TestDatabase;
  let events: Events;
  let system: RunningSubgraphs;
  let planner: LocalPlanner;
  let rules: TagRules;
  let find: FindAnswerTags;
  let ada: string;
  let charles: string;
  let admin: string;
  const told: Invalidation[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    events = createEvents({ log: createLog('test', 'silent') });
    const handle = async ({ data }: { readonly data: unknown }) => void told.push(...readInvalidatedData(data));
    await events.subscribe({ group: 'test', types: [INVALIDATED], handle });
    system = await startTestSystem(database.url, events);
    const { subgraphs } = await readSupergraphYaml('supergraph.yaml', { environment: {} });
    planner = buildPlanner(composeOrThrow(subgraphs));
    rules = readTagRules(planner.cacheRules, planner.schema);
    find = createAnswerTags({ schema: planner.schema, rules });
    const tokenOf = async (email: string) => (await logIn(system.users.url, email)).accessToken;
    [ada, charles, admin] = [
      await tokenOf('ada@example.com'),
      await tokenOf('charles@example.com'),
      await tokenOf('admin@example.com'),
    ];
  });

  beforeEach(() => {
    told.length = 0;
  });

  afterAll(async () => {
    await system.close();
    await events.close();
    await database.close();
  });

  async function tagsOf(query: string, token: string, userId: string): Promise<Tagged> {
    const fetches = fetchesIn(planner.plan(parse(query), undefined));
    const tagged = await Promise.all(
      fetches.map(async (node) => {
        const user = { __typename: 'User', id: userId };
        const isOfEntities = node.requires !== undefined;
        const { data, codes } = await ask(system[node.serviceName as 'users'].url, node.operation, {
          variables: isOfEntities ? { representations: [user] } : {},
          token,
        });
        expect(codes).toEqual([]);
        const representations = isOfEntities ? [JSON.stringify(user)] : undefined;
        const { shared, entities = [] } = find(node, { variables: {}, representations, data });
        return [node.serviceName, new Set([shared, ...entities].flatMap(({ tags }) => tags))] as const;
      }),
    );
    return Object.fromEntries(tagged);
  }

  /** Which of the answers are void by all that was told so far. */
  const voided = (tagged: Tagged) => {
    const purged = told.flatMap(toPurgeTags);
    return Object.keys(tagged).filter((name) => purged.some((tag) => tagged[name]?.has(tag)));
  };
  const change = async (url: string, mutation: string, token: string) =>
    expect((await ask(url, `mutation { ${mutation} }`, { token })).codes).toEqual([]);

  it('has formats that all give tags', () => {
    expect(rules.warnings).toEqual([]);
  });

  it('voids of Ada what an order of hers changes, and nothing of Charles', async () => {
    const [hers, his] = [await tagsOf(LESSON, ada, ADA), await tagsOf(LESSON, charles, CHARLES)];
    const line = `lines: [{ productId: "${GEAR}", quantity: 1 }]`;
    await change(system.orders.url, `placeOrder(idempotencyKey: "one", ${line}) { id }`, ada);
    await until(() => voided(hers).length === 2);
    expect(voided(hers).sort()).toEqual(['notifications', 'orders']);
    expect(voided(his)).toEqual([]);
  });

  it('voids of Ada what a change of her profile changes, and nothing of Charles', async () => {
    const [hers, his] = [await tagsOf(LESSON, ada, ADA), await tagsOf(LESSON, charles, CHARLES)];
    await change(system.users.url, 'updateProfile(name: "Ada King") { name }', ada);
    await until(() => voided(hers).includes('users'));
    expect(voided(his)).toEqual([]);
  });

  it('voids lists of Ada with a notification that she has read, also where nothing of it shows its id', async () => {
    const hers = await tagsOf('{ me { notifications { message readAt } } }', ada, ADA);
    await change(system.notifications.url, `markRead(id: "${demoId('notification', 1)}") { readAt }`, ada);
    await until(() => voided(hers).includes('notifications'));
  });

  it('voids an order that is cancelled, by whatever it is asked for', async () => {
    const id = demoId('order', 21);
    const asked = [`{ order(id: "${id}") { status } }`, `{ order(id: "${id.toUpperCase()}") { status } }`];
    const answers = await Promise.all(asked.map((query) => tagsOf(query, ada, ADA)));
    await change(system.orders.url, `cancelOrder(id: "${id}") { status }`, ada);
    await until(() => answers.every((tagged) => voided(tagged).includes('orders')));
  });

  it('voids a product that is sold out, by id, by SKU and in lists, and no other that shows its id', async () => {
    const stock = DEMO_PRODUCTS[1]?.stock ?? 0;
    const id = demoId('product', 2);
    const asked = [
      `{ product(id: "${id}") { id inStock } }`,
      '{ product(sku: "TRB-0002") { inStock } }',
      '{ products(first: 100) { edges { node { id inStock } } } }',
    ];
    const answers = await Promise.all(asked.map((query) => tagsOf(query, ada, ADA)));
    const other = await tagsOf(`{ product(id: "${demoId('product', 3)}") { id inStock } }`, ada, ADA);
    await change(system.products.url, `adjustStock(productId: "${id}", delta: -${stock}) { inStock }`, admin);
    await until(() => answers.every((tagged) => voided(tagged).includes('products')));
    expect(voided(other)).toEqual([]);
  });

  it('voids that there was no such order, when there is', async () => {
    const line = `lines: [{ productId: "${GEAR}", quantity: 1 }]`;
    const { data } = await ask<{ placeOrder: { id: string } }>(
      system.orders.url,
      `mutation { placeOrder(idempotencyKey: "two", ${line}) { id } }`,
      { token: ada },
    );
    // The answer as it was before.
    const query = `{ order(id: "${data.placeOrder.id}") { id total } }`;
    const [node] = fetchesIn(planner.plan(parse(query), undefined));
    if (node === undefined) throw new TypeError('nothing is fetched');
    const { shared } = find(node, { variables: {}, data: { order: null } });
    await until(() => voided({ orders: new Set(shared.tags) }).includes('orders'));
  });

  it('is of things that the graph knows', () => {
    const all: readonly Invalidation[] = [
      { kind: 'entity', subgraph: 'users', type: 'User', key: { id: ADA } },
      { kind: 'entity', subgraph: 'orders', type: 'Order', key: { id: ADA } },
      { kind: 'entity', subgraph: 'products', type: 'Product', key: { id: GEAR } },
      { kind: 'entity', subgraph: 'notifications', type: 'Notification', key: { id: ADA } },
    ];
    expect(all.map((invalidation) => findUnknown(invalidation, rules, planner.schema))).toEqual(
      Array(4).fill(undefined),
    );
  });
});
