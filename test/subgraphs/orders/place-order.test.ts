import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { DomainEvent } from '../../../service/events.ts';
import { demoId } from '../../../subgraphs/demo.ts';
import { describeOnEachPostgres, type TestDatabase } from '../../support/servers.ts';
import { until } from '../../support/until.ts';
import { ask } from '../support/ask.ts';
import { place, type StartedOrders, startOrders, type Wanted } from './start-orders.ts';

const ADA = demoId('user', 1);
const CHARLES = demoId('user', 2);
const GEAR = demoId('product', 1);
const AXLE = demoId('product', 2);
const OUT_OF_STOCK = demoId('product', 17);

describeOnEachPostgres('placing an order', (kind) => {
  let database: TestDatabase;
  let service: StartedOrders;
  let ada: string;
  let charles: string;
  const told: DomainEvent[] = [];

  beforeAll(async () => {
    database = await kind.create();
    service = await startOrders({ databaseUrl: database.url });
    ada = await service.token({ subject: ADA });
    charles = await service.token({ subject: CHARLES });
    const types = ['order.placed', 'order.cancelled'];
    await service.events.subscribe({ group: 'test', types, handle: async (event) => void told.push(event) });
  });
  beforeEach(async () => {
    await until(outboxIsEmpty);
    told.length = 0;
  });
  afterAll(async () => {
    await service.close();
    await database.close();
  });

  const onHand = async (productId: string) => {
    const { rows } = await service.pool.query('select on_hand from products.stock where product_id = $1', [productId]);
    return Number(rows[0]?.on_hand);
  };
  const count = async (what: 'orders."order"' | 'orders.order_line' | 'products.reservation') => {
    const { rows } = await service.pool.query(`select count(*) from ${what}`);
    return Number(rows[0]?.count);
  };
  const outboxIsEmpty = async () => (await service.pool.query('select from orders.outbox')).rowCount === 0;

  it('gives the order at the prices of products, takes the stock, and tells of it once', async () => {
    const before = await onHand(GEAR);
    const wanted: Wanted = [
      [AXLE, 1],
      [GEAR, 3],
    ];
    const { data, codes } = await place(service.url, ada, wanted);
    expect(codes).toEqual([]);
    const order = data.placeOrder;
    expect(order).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{14}8[0-9a-f]{3}-[89ab]/),
      status: 'PLACED',
      placedAt: expect.any(String),
      total: '46.40',
      currency: 'EUR',
      lines: [
        { product: { id: GEAR }, quantity: 3, unitPrice: '12.50' },
        { product: { id: AXLE }, quantity: 1, unitPrice: '8.90' },
      ],
      user: { id: ADA },
    });
    await until(outboxIsEmpty);
    expect(told).toEqual([
      {
        id: expect.any(String),
        type: 'order.placed',
        occurredAt: order?.placedAt,
        data: {
          orderId: order?.id,
          orderKey: order?.id,
          userId: ADA,
          lines: [
            { productId: GEAR, quantity: 3 },
            { productId: AXLE, quantity: 1 },
          ],
          total: '46.40',
          currency: 'EUR',
        },
      },
    ]);
    expect(await onHand(GEAR)).toBe(before - 3);
  });

  it('adds up exactly, whatever decimals prices have', async () => {
    await service.pool.query(`update products.product set price = '0.105' where id = $1`, [AXLE]);
    const { data } = await place(service.url, ada, [[AXLE, 3]]);
    expect(data.placeOrder).toMatchObject({ total: '0.315', lines: [{ unitPrice: '0.105' }] });
    await service.pool.query(`update products.product set price = '8.90' where id = $1`, [AXLE]);
  });

  it('gives the same order for the same key, at the price it had, and tells of it once', async () => {
    const key = randomUUID();
    const first = await place(service.url, ada, [[GEAR, 1]], key);
    await until(outboxIsEmpty);
    const [orders, stock] = [await count('orders."order"'), await onHand(GEAR)];
    await service.pool.query(`update products.product set price = '99.00' where id = $1`, [GEAR]);
    // Lines of the same product are added up, so this is the same order in other words.
    const again = await place(service.url, ada, [[GEAR.toUpperCase(), 1]], key);
    await service.pool.query(`update products.product set price = '12.50' where id = $1`, [GEAR]);
    expect(again).toEqual(first);
    expect(again.data.placeOrder?.total).toBe('12.50');
    expect([await count('orders."order"'), await onHand(GEAR)]).toEqual([orders, stock]);
    expect(told).toHaveLength(1);
  });

  it('places one order however many are sent with the same key at the same time', async () => {
    const key = randomUUID();
    const [orders, stock] = [await count('orders."order"'), await onHand(GEAR)];
    const answers = await Promise.all(Array.from({ length: 10 }, () => place(service.url, ada, [[GEAR, 2]], key)));
    expect(answers.flatMap(({ codes }) => codes)).toEqual([]);
    expect(new Set(answers.map(({ data }) => data.placeOrder?.id)).size).toBe(1);
    await until(outboxIsEmpty);
    expect([await count('orders."order"'), await onHand(GEAR)]).toEqual([orders + 1, stock - 2]);
    expect(told).toHaveLength(1);
  });

  it('refuses a key that was used for other lines', async () => {
    const key = randomUUID();
    const first = await place(service.url, ada, [[GEAR, 1]], key);
    expect(first.codes).toEqual([]);
    const other = await place(service.url, ada, [[GEAR, 2]], key);
    expect(other).toMatchObject({ data: { placeOrder: null }, codes: ['CONFLICT'] });
    expect(other.errors[0]?.extensions).toMatchObject({ argument: 'idempotencyKey' });
  });

  it('lets one of several orders with the same key and other lines through', async () => {
    const key = randomUUID();
    const before = await count('orders."order"');
    const answers = await Promise.all([1, 2, 3, 4].map((quantity) => place(service.url, ada, [[GEAR, quantity]], key)));
    expect(answers.flatMap(({ codes }) => codes)).toEqual(['CONFLICT', 'CONFLICT', 'CONFLICT']);
    expect(await count('orders."order"')).toBe(before + 1);
  });

  it('keeps the keys of users apart', async () => {
    const key = 'my order';
    const hers = await place(service.url, ada, [[GEAR, 1]], key);
    const his = await place(service.url, charles, [[GEAR, 1]], key);
    expect(his.codes).toEqual([]);
    expect(his.data.placeOrder?.id).not.toBe(hers.data.placeOrder?.id);
  });

  it('refuses what is not in stock, by name, and keeps nothing of it', async () => {
    const before = [await count('orders."order"'), await onHand(GEAR)];
    const { codes, errors } = await place(service.url, ada, [
      [GEAR, 1],
      [OUT_OF_STOCK, 1],
    ]);
    expect(codes).toEqual(['OUT_OF_STOCK']);
    expect(errors[0]?.extensions.products).toEqual([
      { productId: OUT_OF_STOCK, sku: 'TRB-0017', requested: 1, available: 0 },
    ]);
    expect([await count('orders."order"'), await onHand(GEAR)]).toEqual(before);
    expect(await outboxIsEmpty()).toBe(true);
  });

  it('refuses products that are not there, by name', async () => {
    const unknown = randomUUID();
    const { codes, errors } = await place(service.url, ada, [[unknown, 1]]);
    expect(codes).toEqual(['UNKNOWN_PRODUCT']);
    expect(errors[0]?.extensions.products).toEqual([unknown]);
  });

  it('refuses an order in two currencies, and gives the stock back', async () => {
    await service.pool.query(`update products.product set currency = 'USD' where id = $1`, [AXLE]);
    const { codes, errors } = await place(service.url, ada, [
      [GEAR, 1],
      [AXLE, 1],
    ]);
    await service.pool.query(`update products.product set currency = 'EUR' where id = $1`, [AXLE]);
    expect(codes).toEqual(['BAD_USER_INPUT']);
    expect(errors[0]?.message).toContain('EUR and USD');
    const { rows } = await service.pool.query(`select from products.reservation where state = 'held'`);
    expect(rows).toEqual([]);
  });

  it.each<[string, Wanted, string, string]>([
    ['no lines', [], 'key', 'lines must be 1 to 50'],
    ['51 lines', Array.from({ length: 51 }, () => [GEAR, 1] as const), 'key', 'lines must be 1 to 50'],
    ['none of a product', [[GEAR, 0]], 'key', 'quantity must be 1 to 1000'],
    ['less than none', [[GEAR, -1]], 'key', 'quantity must be 1 to 1000'],
    ['too many of a product', [[GEAR, 1_001]], 'key', 'quantity must be 1 to 1000'],
    [
      'too many in two lines',
      [
        [GEAR, 600],
        [GEAR, 600],
      ],
      'key',
      'quantity must be 1 to 1000',
    ],
    ['something that has no id', [['gear', 1]], 'key', 'productId must be the id of a product'],
    ['an empty key', [[GEAR, 1]], '', 'idempotencyKey must have 1 to 128 characters'],
    ['too long a key', [[GEAR, 1]], 'k'.repeat(129), 'idempotencyKey must have 1 to 128 characters'],
  ])('refuses %s', async (_title, wanted, key, message) => {
    const { data, codes, errors } = await place(service.url, ada, wanted, key);
    expect(data.placeOrder).toBeNull();
    expect(codes).toEqual(['BAD_USER_INPUT']);
    expect(errors[0]?.message).toContain(message);
  });

  it('takes no order from anonymous callers and from services', async () => {
    expect((await place(service.url, undefined, [[GEAR, 1]])).codes).toEqual(['UNAUTHENTICATED']);
    const other = await service.token({ subject: 'service:shop', scopes: ['admin'] });
    expect((await place(service.url, other, [[GEAR, 1]])).codes).toEqual(['FORBIDDEN']);
  });

  it('answers nothing but null for an order that was not placed', async () => {
    const { status, data } = await ask<{ placeOrder: null }>(
      service.url,
      'mutation { placeOrder(lines: [], idempotencyKey: "k") { id } }',
      { token: ada },
    );
    expect({ status, data }).toEqual({ status: 200, data: { placeOrder: null } });
  });

  it('asks for one token of its own for many orders', () => {
    expect(service.issuer.countTokens()).toBe(1);
  });
});
