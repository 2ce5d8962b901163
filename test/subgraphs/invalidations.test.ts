import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { createEvents, type Events } from '../../service/events.ts';
import { INVALIDATED, type Invalidation, readInvalidatedData } from '../../service/invalidation.ts';
import { createLog } from '../../service/logs.ts';
import { DEMO_PRODUCTS, demoId } from '../../subgraphs/demo.ts';
import type { RunningSubgraphs } from '../../subgraphs/start-all.ts';
import { describeOnEachPostgres, type TestDatabase } from '../support/servers.ts';
import { startTestSystem } from '../support/test-system.ts';
import { until } from '../support/until.ts';
import { ask } from './support/ask.ts';
import { logIn } from './support/log-in.ts';

const ADA = demoId('user', 1);
const GEAR = demoId('product', 1);
const AXLE = demoId('product', 2);
/** Out of stock. */
const DRUM = demoId('product', 17);
/** The number of another notification of Ada's. */
const OTHER = 22;

const entity = (subgraph: string, type: string, id: string) => ({ kind: 'entity', subgraph, type, key: { id } });
const tag = (text: string) => ({ kind: 'tag', tag: text });
const productOf = (id: string) => entity('products', 'Product', id);

describeOnEachPostgres('what services tell caches of their changes', (kind) => {
  let database: TestDatabase;
  let events: Events;
  let system: RunningSubgraphs;
  let ada: string;
  let admin: string;
  const told: Invalidation[] = [];

  beforeAll(async () => {
    database = await kind.create();
    const log = createLog('test', 'silent');
    events = createEvents({ log });
    const handle = async ({ data }: { readonly data: unknown }) => void told.push(...readInvalidatedData(data));
    await events.subscribe({ group: 'test', types: [INVALIDATED], handle });
    system = await startTestSystem(database.url, events);
    ada = (await logIn(system.users.url, 'ada@example.com')).accessToken;
    admin = (await logIn(system.users.url, 'admin@example.com')).accessToken;
  });

  beforeEach(() => {
    told.length = 0;
  });

  afterAll(async () => {
    await system.close();
    await events.close();
    await database.close();
  });

  const product = (id: string) =>
    ask<{ product: { inStock: boolean } }>(system.products.url, `{ product(id: "${id}") { inStock } }`);
  const adjust = (id: string, delta: number) =>
    ask(system.products.url, `mutation { adjustStock(productId: "${id}", delta: ${delta}) { inStock } }`, {
      token: admin,
    });
  const place = async (key: string, id: string, quantity: number) => {
    const { data, errors } = await ask<{ placeOrder: { id: string } | null }>(
      system.orders.url,
      `mutation { placeOrder(idempotencyKey: "${key}", lines: [{ productId: "${id}", quantity: ${quantity} }]) { id } }`,
      { token: ada },
    );
    if (data.placeOrder === null) throw new Error(errors[0]?.message);
    return data.placeOrder.id;
  };
  /** What else is to come was told before this, because each service tells in order. */
  const toldOf = (...expected: readonly object[]) =>
    until(() => expected.every((one) => told.some((other) => JSON.stringify(other) === JSON.stringify(one))) && told);
  const productsTold = () => told.filter((one) => one.kind === 'entity' && one.type === 'Product');

  it('voids a user whose profile is changed, and nothing when it is refused', async () => {
    const update = (email: string) =>
      ask(system.users.url, `mutation { updateProfile(email: "${email}") { email } }`, { token: ada });
    expect((await update('charles@example.com')).codes).toEqual(['EMAIL_TAKEN']);
    expect((await update('ada@example.org')).codes).toEqual([]);
    await toldOf(entity('users', 'User', ADA));
    expect(told).toEqual([entity('users', 'User', ADA)]);
    await update('ada@example.com');
  });

  it('voids the lists of who places an order, that there was no such order, and what is told of it', async () => {
    const id = await place('plenty', AXLE, 1);
    await toldOf(tag(`orders-user-${ADA}`), tag(`order-${id}`), tag(`notifications-user-${ADA}`));
    for (const delta of [1, -1]) await adjust(DRUM, delta);
    await until(() => productsTold().length >= 2);
    expect(productsTold()).toEqual([productOf(DRUM), productOf(DRUM)]);
  });

  it('voids nothing when an order is sent again', async () => {
    const id = await place('again', AXLE, 1);
    await toldOf(tag(`notifications-user-${ADA}`));
    told.length = 0;
    expect(await place('again', AXLE, 1)).toBe(id);
    await place('another', AXLE, 1);
    await toldOf(tag(`notifications-user-${ADA}`));
    expect(told).not.toContainEqual(tag(`order-${id}`));
  });

  it('voids a product when the stock is adjusted so that it is in stock, or no longer', async () => {
    await adjust(GEAR, -(DEMO_PRODUCTS[0]?.stock ?? 0));
    await toldOf(productOf(GEAR));
    expect((await product(GEAR)).data.product.inStock).toBe(false);
    told.length = 0;
    await adjust(GEAR, 2);
    await toldOf(productOf(GEAR));
    told.length = 0;
    await adjust(GEAR, 1);
    await adjust(GEAR, -3);
    await toldOf(productOf(GEAR));
    expect(productsTold()).toHaveLength(1);
  });

  it('voids a product when an order takes the last of it, and when that is cancelled', async () => {
    await adjust(GEAR, 2);
    await toldOf(productOf(GEAR));
    told.length = 0;
    const id = await place('the last two', GEAR, 2);
    await toldOf(productOf(GEAR), tag(`notifications-user-${ADA}`));
    expect((await product(GEAR)).data.product.inStock).toBe(false);
    told.length = 0;
    await ask(system.orders.url, `mutation { cancelOrder(id: "${id}") { status } }`, { token: ada });
    await toldOf(
      entity('orders', 'Order', id),
      tag(`orders-user-${ADA}`),
      productOf(GEAR),
      tag(`notifications-user-${ADA}`),
    );
    expect((await product(GEAR)).data.product.inStock).toBe(true);
    expect(productsTold()).toHaveLength(1);
  });

  it('voids a notification that is marked as read, once', async () => {
    const mark = (number: number) =>
      ask(system.notifications.url, `mutation { markRead(id: "${demoId('notification', number)}") { readAt } }`, {
        token: ada,
      });
    await mark(1);
    await mark(1);
    await mark(OTHER);
    await toldOf(entity('notifications', 'Notification', demoId('notification', OTHER)));
    expect(told).toEqual([
      entity('notifications', 'Notification', demoId('notification', 1)),
      tag(`notifications-user-${ADA}`),
      entity('notifications', 'Notification', demoId('notification', OTHER)),
      tag(`notifications-user-${ADA}`),
    ]);
  });
});
