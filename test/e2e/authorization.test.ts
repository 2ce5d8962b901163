import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readSupergraphYaml } from '../../composition/supergraph-yaml.ts';
import { ClosingStack } from '../../service/run.ts';
import { demoId } from '../../subgraphs/demo.ts';
import { SUBGRAPH_NAMES } from '../../subgraphs/start-all.ts';
import { askedFields } from '../support/asked-fields.ts';
import { logIn, startGatewayOver } from '../support/four-subgraphs.ts';
import { startRecordingProxy } from '../support/recording-proxy.ts';
import { createTestDatabase } from '../support/servers.ts';
import type { TestGateway } from '../support/test-gateway.ts';
import { startTestSystem } from '../support/test-system.ts';

/** What of Ada's, of the shop's and of the administrators' anonymous callers, another customer, Ada herself and an administrator get. */

const CALLERS = ['anonymous', 'another', 'owner', 'admin'] as const;
type CallerName = (typeof CALLERS)[number];

/**
 * `given`: the data. `refused`: by the gateway, and no subgraph is asked. `forbidden`: by the subgraph, which looks at whose it is.
 */
type Outcome = 'given' | 'refused' | 'forbidden';

interface Case {
  readonly what: string;
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  /** The fields that are not everyone's. */
  readonly guarded: readonly string[];
  readonly outcomes: Readonly<Record<CallerName, Outcome>>;
  readonly given: unknown;
  readonly denied?: unknown;
}

const ADA = demoId('user', 1);
/** Ada's; one of them is cancelled here. */
const [ORDER, OTHER_ORDER] = [demoId('order', 1), demoId('order', 21)];
const NOTIFICATION = demoId('notification', 1);
/** Of the one the stock is looked at, the other is ordered. */
const [GEAR, AXLE] = [demoId('product', 1), demoId('product', 2)];

const OWN = { anonymous: 'refused', another: 'forbidden', owner: 'given', admin: 'given' } as const;
const ADMINS = { anonymous: 'refused', another: 'refused', owner: 'refused', admin: 'given' } as const;

const CASES: readonly Case[] = [
  {
    what: 'an order',
    query: `{ order(id: "${ORDER}") { id total lines { quantity } user { email } } }`,
    guarded: ['Query.order', 'Order.total', 'User.email'],
    outcomes: OWN,
    given: { order: { id: ORDER, total: '12.50', lines: [{ quantity: 1 }], user: { email: 'ada@example.com' } } },
    denied: { order: null },
  },
  {
    what: 'a notification, and the order that it is about',
    query: `{ notification(id: "${NOTIFICATION}") { message order { status } } }`,
    guarded: ['Query.notification', 'Notification.message', 'Notification.order', 'Order.status'],
    outcomes: OWN,
    given: {
      notification: { message: 'Your order of 1 item for 12.50 EUR has been placed.', order: { status: 'PLACED' } },
    },
    denied: { notification: null },
  },
  {
    what: 'a user, with orders, a page of them and notifications',
    query: `{ user(id: "${ADA}") {
      email role orders(first: 100) { id } orderHistory(first: 100) { edges { node { id } } } notifications { id } } }`,
    guarded: ['Query.user', 'User.email', 'User.role', 'User.orders', 'User.orderHistory', 'User.notifications'],
    outcomes: OWN,
    given: {
      user: {
        email: 'ada@example.com',
        role: 'CUSTOMER',
        orders: expect.arrayContaining([{ id: ORDER }]),
        orderHistory: { edges: expect.arrayContaining([{ node: { id: ORDER } }]) },
        notifications: expect.arrayContaining([{ id: NOTIFICATION }]),
      },
    },
    denied: { user: null },
  },
  {
    what: 'the list of users',
    query: '{ users(first: 1) { edges { node { email role } } } }',
    guarded: ['Query.users', 'UserConnection.edges', 'User.email'],
    outcomes: ADMINS,
    given: { users: { edges: [{ node: { email: 'ada@example.com', role: 'CUSTOMER' } }] } },
    denied: { users: null },
  },
  {
    what: 'how many of a product there are, beside what everyone may see of it',
    query: `{ product(id: "${GEAR}") { name inStock stock } }`,
    guarded: ['Product.stock'],
    outcomes: ADMINS,
    given: { product: { name: 'Brass gear', inStock: true, stock: 20 } },
    denied: { product: { name: 'Brass gear', inStock: true, stock: null } },
  },
  {
    what: 'a change of stock',
    query: `mutation { more: adjustStock(productId: "${GEAR}", delta: 1) { stock } less: adjustStock(productId: "${GEAR}", delta: -1) { stock } }`,
    guarded: ['Mutation.adjustStock'],
    outcomes: ADMINS,
    given: { more: { stock: 21 }, less: { stock: 20 } },
    denied: { more: null, less: null },
  },
  {
    what: 'that a notification was read, which nobody says for its user',
    query: `mutation { markRead(id: "${NOTIFICATION}") { id } }`,
    guarded: ['Mutation.markRead'],
    outcomes: { anonymous: 'refused', another: 'forbidden', owner: 'given', admin: 'forbidden' },
    given: { markRead: { id: NOTIFICATION } },
    denied: { markRead: null },
  },
  {
    what: 'the end of an order',
    query: `mutation { cancelOrder(id: "${OTHER_ORDER}") { status } }`,
    guarded: ['Mutation.cancelOrder'],
    outcomes: OWN,
    given: { cancelOrder: { status: 'CANCELLED' } },
    denied: { cancelOrder: null },
  },
  {
    what: 'a change of the account of whoever asks',
    query: 'mutation { updateProfile(name: "A. N. Other") { name } }',
    guarded: ['Mutation.updateProfile'],
    outcomes: { anonymous: 'refused', another: 'given', owner: 'given', admin: 'given' },
    given: { updateProfile: { name: 'A. N. Other' } },
    denied: { updateProfile: null },
  },
  {
    what: 'an order that is placed',
    query: `mutation { placeOrder(lines: [{ productId: "${AXLE}", quantity: 1 }], idempotencyKey: "e2e") { total } }`,
    guarded: ['Mutation.placeOrder'],
    outcomes: { anonymous: 'refused', another: 'given', owner: 'given', admin: 'given' },
    given: { placeOrder: { total: '8.90' } },
    denied: { placeOrder: null },
  },
];

describe('the four subgraphs, through the gateway', () => {
  const stack = new ClosingStack();
  let gateway: TestGateway;
  let headers: Record<CallerName, Record<string, string>>;
  let received: () => string[];

  beforeAll(async () => {
    const database = stack.add('database', await createTestDatabase());
    const system = stack.add('subgraphs', await startTestSystem(database.url));
    const proxies = await Promise.all(SUBGRAPH_NAMES.map((name) => startRecordingProxy(`${system[name].url}/graphql`)));
    for (const proxy of proxies) stack.add('proxy', proxy);
    const { subgraphs } = await readSupergraphYaml('supergraph.yaml', { environment: {} });
    received = () =>
      SUBGRAPH_NAMES.flatMap((name, index) => {
        const schema = subgraphs.find((subgraph) => subgraph.name === name);
        const queries = proxies[index]?.queries.splice(0) ?? [];
        return schema === undefined ? [] : queries.flatMap((query) => askedFields(schema, query));
      });
    const addresses = SUBGRAPH_NAMES.map((name, index) => [
      `GATEWAY_UPSTREAM_${name.toUpperCase()}_URLS`,
      proxies[index]?.url ?? '',
    ]);
    gateway = stack.add('gateway', await startGatewayOver(system, Object.fromEntries(addresses)));
    headers = {
      anonymous: {},
      another: await logIn(gateway, 'charles@example.com'),
      owner: await logIn(gateway, 'ada@example.com'),
      admin: await logIn(gateway, 'admin@example.com'),
    };
    received();
  }, 60_000);
  afterAll(() => stack.close());

  describe.each(CASES)('$what', ({ query, guarded, outcomes, given, denied }) => {
    it.each(CALLERS.map((caller) => ({ caller, outcome: outcomes[caller] })))(
      'is $outcome to $caller',
      async ({ caller, outcome }) => {
        const { status, body } = await gateway.query(query, { headers: headers[caller] });
        const asked = received();
        const codes = [...new Set(body.errors?.map(({ extensions: { code } }) => code))];
        expect(status).toBe(200);
        switch (outcome) {
          case 'given':
            expect({ data: body.data, codes }).toEqual({ data: given, codes: [] });
            break;
          case 'refused':
            expect(asked.filter((field) => guarded.includes(field))).toEqual([]);
            expect({ data: body.data, codes }).toEqual({ data: denied, codes: ['UNAUTHORIZED_FIELD_OR_TYPE'] });
            break;
          case 'forbidden':
            expect(asked).toContain(guarded[0]);
            expect({ data: body.data, codes }).toEqual({ data: denied, codes: ['FORBIDDEN'] });
        }
      },
    );
  });

  it('tell an anonymous caller who asks: nobody, which is no error', async () => {
    const { body } = await gateway.query('{ me { email orders { id } notifications { id } } }');
    expect(body).toEqual({ data: { me: null } });
    expect(received()).toEqual(['Query.me']);
  });
});
