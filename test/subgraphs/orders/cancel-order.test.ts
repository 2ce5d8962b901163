import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { demoId } from '../../../subgraphs/demo.ts';
import { describeOnEachPostgres, type TestDatabase } from '../../support/servers.ts';
import { until } from '../../support/until.ts';
import { ask } from '../support/ask.ts';
import { place, type StartedOrders, startOrders } from './start-orders.ts';

const ADA = demoId('user', 1);
const GEAR = demoId('product', 1);
const CANCEL = 'mutation ($id: ID!) { cancelOrder(id: $id) { id status total } }';

describeOnEachPostgres('cancelling an order', (kind) => {
  let database: TestDatabase;
  let service: StartedOrders;
  let ada: string;
  let charles: string;
  let admin: string;
  const told: unknown[] = [];

  beforeAll(async () => {
    database = await kind.create();
    service = await startOrders({ databaseUrl: database.url });
    ada = await service.token({ subject: ADA });
    charles = await service.token({ subject: demoId('user', 2) });
    admin = await service.token({ subject: demoId('user', 20), scopes: ['admin'] });
    const handle = async ({ data }: { data: unknown }) => void told.push(data);
    await service.events.subscribe({ group: 'test', types: ['order.cancelled'], handle });
  });
  afterAll(async () => {
    await service.close();
    await database.close();
  });

  const cancel = (id: string, token?: string) =>
    ask<{ cancelOrder: unknown }>(service.url, CANCEL, { variables: { id }, token });
  const placed = async () => (await place(service.url, ada, [[GEAR, 2]])).data.placeOrder?.id ?? '';
  const onHand = async () => {
    const { rows } = await service.pool.query('select on_hand from products.stock where product_id = $1', [GEAR]);
    return Number(rows[0]?.on_hand);
  };
  const outboxIsEmpty = async () => (await service.pool.query('select from orders.outbox')).rowCount === 0;

  it('gives the stock back and tells of it, once, however often it is cancelled', async () => {
    const before = await onHand();
    const id = await placed();
    await until(outboxIsEmpty);
    expect(await onHand()).toBe(before - 2);
    const answers = [await cancel(id, ada), ...(await Promise.all([1, 2, 3].map(() => cancel(id.toUpperCase(), ada))))];
    for (const { data, codes } of answers) {
      expect({ data, codes }).toEqual({
        data: { cancelOrder: { id, status: 'CANCELLED', total: '25.00' } },
        codes: [],
      });
    }
    await until(outboxIsEmpty);
    expect(told).toEqual([{ orderId: id, orderKey: id, userId: ADA }]);
    expect(await onHand()).toBe(before);
  });

  it('is told after the order was, when it is cancelled at once', async () => {
    const before = await onHand();
    await cancel(await placed(), ada);
    await until(outboxIsEmpty);
    expect(await onHand()).toBe(before);
  });

  it('leaves a cancelled order cancelled when it is sent again with its key', async () => {
    const key = randomUUID();
    const first = await place(service.url, ada, [[GEAR, 1]], key);
    await cancel(first.data.placeOrder?.id ?? '', ada);
    const again = await place(service.url, ada, [[GEAR, 1]], key);
    expect(again.data.placeOrder).toEqual({ ...first.data.placeOrder, status: 'CANCELLED' });
  });

  it('is for its user and administrators', async () => {
    const id = await placed();
    expect(await cancel(id)).toMatchObject({ data: { cancelOrder: null }, codes: ['UNAUTHENTICATED'] });
    expect(await cancel(id, charles)).toMatchObject({ data: { cancelOrder: null }, codes: ['FORBIDDEN'] });
    expect(await cancel(id, admin)).toMatchObject({ data: { cancelOrder: { status: 'CANCELLED' } }, codes: [] });
  });

  it.each([randomUUID(), 'nothing', "1'; --\u0000"])('says when there is no such order: %j', async (id) => {
    expect(await cancel(id, ada)).toMatchObject({ data: { cancelOrder: null }, codes: ['NOT_FOUND'] });
  });
});
