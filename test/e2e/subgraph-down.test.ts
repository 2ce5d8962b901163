import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { RunningSubgraphs } from '../../subgraphs/start-all.ts';
import { logIn, startGatewayOver } from '../support/four-subgraphs.ts';
import { describeOnEachPostgres, type TestDatabase } from '../support/servers.ts';
import type { TestGateway } from '../support/test-gateway.ts';
import { startTestSystem } from '../support/test-system.ts';

const LESSON = `{
  me {
    name
    orders(first: 1) { id total lines { quantity product { name } } user { email } }
    orderHistory(first: 1) { edges { node { id } } }
    notifications(first: 1) { message order { total } }
  }
}`;

describeOnEachPostgres('the lesson’s query, with a subgraph down', (kind) => {
  let database: TestDatabase;
  let system: RunningSubgraphs;
  let gateway: TestGateway;
  let headers: { authorization: string };

  beforeAll(async () => {
    database = await kind.create();
    system = await startTestSystem(database.url);
    gateway = await startGatewayOver(system);
    headers = await logIn(gateway, 'ada@example.com');
  }, 60_000);
  afterAll(async () => {
    await gateway.close();
    await system.close();
    await database.close();
  });

  /** What the subgraphs answer now: nothing that is kept. */
  const ask = async () => {
    const { status, body } = await gateway.query(LESSON, { headers: { ...headers, 'cache-control': 'no-store' } });
    const subgraphs = new Set(body.errors?.map(({ extensions }) => extensions.subgraph));
    return { status, me: body.data?.me, subgraphs: [...subgraphs] };
  };

  const order = { id: expect.any(String), total: expect.stringMatching(/^\d+\.\d\d$/) };
  const lines = (product: unknown) => expect.arrayContaining([{ quantity: expect.any(Number), product }]);
  const whole = {
    name: 'Ada Lovelace',
    orders: [{ ...order, lines: lines({ name: expect.any(String) }), user: { email: 'ada@example.com' } }],
    orderHistory: { edges: [{ node: { id: expect.any(String) } }] },
    notifications: [{ message: expect.any(String), order: { total: order.total } }],
  };

  // One after the other, each down for good: what is lost adds up, and what is left keeps coming.
  it('is whole while all are up', async () => {
    expect(await ask()).toEqual({ status: 200, me: whole, subgraphs: [] });
  });

  it('is whole without products, from what is kept, for who does not refuse that', async () => {
    const first = await gateway.query(LESSON, { headers });
    await system.products.close();
    const second = await gateway.query(LESSON, { headers });
    expect(second.body).toEqual(first.body);
    expect(second.headers.get('cache-status')).toContain('hit');
  });

  it('loses the products’ names without products', async () => {
    expect(await ask()).toEqual({
      status: 200,
      me: { ...whole, orders: [{ ...whole.orders[0], lines: lines(null) }] },
      subgraphs: ['products'],
    });
  });

  it('loses the notifications without notifications', async () => {
    await system.notifications.close();
    const { me, subgraphs } = await ask();
    expect(me).toMatchObject({ name: 'Ada Lovelace', orders: [order], notifications: null });
    expect(subgraphs.sort()).toEqual(['notifications', 'products']);
  });

  it('loses the orders without orders', async () => {
    await system.orders.close();
    const { me } = await ask();
    expect(me).toEqual({ name: 'Ada Lovelace', orders: null, orderHistory: null, notifications: null });
  });

  it('loses everything without users, and says so', async () => {
    await system.users.close();
    expect(await ask()).toEqual({ status: 200, me: null, subgraphs: ['users'] });
  });
});
