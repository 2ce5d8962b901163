import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { demoId } from '../../../subgraphs/demo.ts';
import { createProducts } from '../../../subgraphs/products/service.ts';
import { describeOnEachPostgres, type TestDatabase } from '../../support/servers.ts';
import { startTestService, type TestService } from '../support/test-service.ts';
import { startTokenIssuer, type TokenIssuer } from '../support/token-issuer.ts';

const GEAR = demoId('product', 1);
const AXLE = demoId('product', 2);
const CARDS = demoId('product', 3);

interface Reply {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

describeOnEachPostgres('reservations', (kind) => {
  let database: TestDatabase;
  let issuer: TokenIssuer;
  let service: TestService;
  let token: string;
  let now = new Date('2026-07-04T09:30:00.000Z');

  beforeAll(async () => {
    database = await kind.create();
    issuer = await startTokenIssuer();
    const environment = { SEED: 'demo', PRODUCTS_TOKEN_JWKS_URL: issuer.jwksUrl };
    service = await startTestService(
      createProducts(() => now),
      { databaseUrl: database.url, environment },
    );
    token = await issuer.issue('service:orders', 'stock:reserve');
  });

  beforeEach(async () => {
    await service.pool.query('delete from products.reservation');
    await service.pool.query('update products.stock set on_hand = 5');
  });

  afterAll(async () => {
    await service.close();
    await issuer.close();
    await database.close();
  });

  async function send(method: string, key: string, body?: unknown, bearer: string | undefined = token): Promise<Reply> {
    const response = await fetch(`${service.url}/internal/reservations/${key}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(bearer === '' ? {} : { authorization: `Bearer ${bearer}` }),
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
  }

  const put = (key: string, ...lines: [productId: string, quantity: number][]) =>
    send('PUT', key, { lines: lines.map(([productId, quantity]) => ({ productId, quantity })) });

  async function onHand(productId: string): Promise<number> {
    const { rows } = await service.pool.query('select on_hand from products.stock where product_id = $1', [productId]);
    return Number(rows[0].on_hand);
  }

  async function isInStock(productId: string): Promise<unknown> {
    const response = await fetch(`${service.url}/products/${productId}`);
    return ((await response.json()) as { inStock: boolean }).inStock;
  }

  async function happened(type: 'order.placed' | 'order.cancelled', orderKey: string, quantity = 5): Promise<void> {
    const data = { orderId: randomUUID(), orderKey, userId: randomUUID(), lines: [{ productId: GEAR, quantity }] };
    await service.events.publish({ id: randomUUID(), type, occurredAt: now.toISOString(), data });
  }

  it('sets lines aside for a while and tells their prices', async () => {
    expect(await put('one', [AXLE, 2], [GEAR, 5])).toEqual({
      status: 200,
      body: {
        orderKey: 'one',
        expiresAt: new Date(now.getTime() + 600_000).toISOString(),
        lines: [
          { productId: GEAR, sku: 'TRB-0001', quantity: 5, unitPrice: '12.50', currency: 'EUR' },
          { productId: AXLE, sku: 'TRB-0002', quantity: 2, unitPrice: '8.90', currency: 'EUR' },
        ],
      },
    });
    expect(await isInStock(GEAR)).toBe(false);
    expect(await isInStock(AXLE)).toBe(true);
    expect(await onHand(GEAR)).toBe(5);
  });

  it('gives the same answer to the same request, in whatever order and case its lines are', async () => {
    const first = await put('one', [GEAR, 3], [AXLE, 1]);
    expect(await put('one', [AXLE, 1], [GEAR.toUpperCase(), 1], [GEAR, 2])).toEqual(first);
    expect(await put('two', [GEAR, 2])).toMatchObject({ status: 200 });
  });

  it('refuses other lines under the same key', async () => {
    await put('one', [GEAR, 3]);
    expect(await put('one', [GEAR, 2])).toMatchObject({
      status: 409,
      body: { error: { code: 'RESERVATION_MISMATCH' } },
    });
  });

  it('reserves nothing when one line is not there, and names each that is not', async () => {
    await put('one', [GEAR, 4]);
    expect(await put('two', [GEAR, 2], [AXLE, 1], [CARDS, 6])).toMatchObject({
      status: 409,
      body: {
        error: {
          code: 'OUT_OF_STOCK',
          products: [
            { productId: GEAR, sku: 'TRB-0001', requested: 2, available: 1 },
            { productId: CARDS, sku: 'TRB-0003', requested: 6, available: 5 },
          ],
        },
      },
    });
    expect(await put('two', [AXLE, 5])).toMatchObject({ status: 200 });
  });

  it.each([demoId('product', 999), 'nothing'])('names the product %s that it does not know', async (id) => {
    expect(await put('one', [GEAR, 1], [id, 1])).toMatchObject({
      status: 422,
      body: { error: { code: 'UNKNOWN_PRODUCT', products: [id] } },
    });
  });

  it.each([
    ['no JSON', '{'],
    ['no object', '[]'],
    ['no lines', { lines: [] }],
    ['another member', { lines: [{ productId: GEAR, quantity: 1 }], more: true }],
    ['half a gear', { lines: [{ productId: GEAR, quantity: 0.5 }] }],
    ['no gear', { lines: [{ productId: GEAR, quantity: 0 }] }],
    ['text for a number', { lines: [{ productId: GEAR, quantity: '1' }] }],
    ['too many', { lines: [{ productId: GEAR, quantity: 1e9 }] }],
  ])('refuses a body with %s', async (_title, body) => {
    expect(await send('PUT', 'one', body)).toMatchObject({ status: 400, body: { error: { code: 'BAD_USER_INPUT' } } });
  });

  it('refuses a key with a space, which no one could write down', async () => {
    expect(await put('a%20b', [GEAR, 1])).toMatchObject({ status: 400 });
  });

  it('serves only services that may reserve', async () => {
    const body = { lines: [{ productId: GEAR, quantity: 1 }] };
    const admin = await issuer.issue(demoId('user', 20), 'user', 'admin');
    for (const method of ['PUT', 'DELETE']) {
      const sent = method === 'PUT' ? body : undefined;
      expect(await send(method, 'one', sent, '')).toMatchObject({
        status: 401,
        body: { error: { code: 'UNAUTHENTICATED' } },
      });
      expect(await send(method, 'one', sent, admin)).toMatchObject({
        status: 403,
        body: { error: { code: 'FORBIDDEN' } },
      });
      expect(await send(method, 'one', sent, 'forged')).toMatchObject({ status: 401 });
    }
  });

  it('never sells more than there is, however many ask at once', async () => {
    const replies = await Promise.all(Array.from({ length: 20 }, (_, number) => put(`parallel-${number}`, [GEAR, 1])));
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(5);
    expect(replies.filter(({ status }) => status === 409)).toHaveLength(15);
  });

  it('makes no two wait for one another when they want the same products in another order', async () => {
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, number) =>
        number % 2 === 0
          ? put(`crossed-${number}`, [GEAR, 1], [AXLE, 1], [CARDS, 1])
          : put(`crossed-${number}`, [CARDS, 1], [AXLE, 1], [GEAR, 1]),
      ),
    );
    expect(replies.map(({ status }) => status).sort()).toEqual([...Array(5).fill(200), ...Array(15).fill(409)]);
  });

  it('reserves once when the same request comes many times at once', async () => {
    const replies = await Promise.all(Array.from({ length: 10 }, () => put('again', [GEAR, 5])));
    expect(new Set(replies.map((reply) => JSON.stringify(reply))).size).toBe(1);
    expect(replies[0]?.status).toBe(200);
  });

  it('counts an expired reservation no longer, and holds it anew if the stock is still there', async () => {
    await put('one', [GEAR, 5]);
    now = new Date(now.getTime() + 600_000);
    expect(await isInStock(GEAR)).toBe(true);
    expect(await put('one', [GEAR, 5])).toMatchObject({
      status: 200,
      body: { expiresAt: new Date(now.getTime() + 600_000).toISOString() },
    });
    expect(await isInStock(GEAR)).toBe(false);
    now = new Date(now.getTime() + 600_000);
    expect(await put('two', [GEAR, 1])).toMatchObject({ status: 200 });
    expect(await put('one', [GEAR, 5])).toMatchObject({ status: 409, body: { error: { code: 'OUT_OF_STOCK' } } });
  });

  it('releases a reservation, as often as it is told, and for good', async () => {
    await put('one', [GEAR, 5]);
    expect(await send('DELETE', 'one')).toEqual({ status: 204, body: {} });
    expect(await send('DELETE', 'one')).toMatchObject({ status: 204 });
    expect(await isInStock(GEAR)).toBe(true);
    expect(await put('one', [GEAR, 5])).toMatchObject({
      status: 409,
      body: { error: { code: 'RESERVATION_RELEASED' } },
    });
  });

  it('refuses a reservation that comes after its release', async () => {
    expect(await send('DELETE', 'late')).toMatchObject({ status: 204 });
    expect(await put('late', [GEAR, 1])).toMatchObject({
      status: 409,
      body: { error: { code: 'RESERVATION_RELEASED' } },
    });
  });

  it('takes the stock off the shelf when the order is placed, once', async () => {
    const reserved = await put('one', [GEAR, 3]);
    await happened('order.placed', 'one', 3);
    await happened('order.placed', 'one', 3);
    expect(await onHand(GEAR)).toBe(2);
    now = new Date(now.getTime() + 86_400_000);
    expect(await put('one', [GEAR, 3])).toEqual(reserved);
    expect(await onHand(GEAR)).toBe(2);
  });

  it('puts the stock back when the order is cancelled, once, whatever comes after', async () => {
    await put('one', [GEAR, 3]);
    await happened('order.placed', 'one', 3);
    await happened('order.cancelled', 'one');
    await happened('order.cancelled', 'one');
    await happened('order.placed', 'one', 3);
    expect(await onHand(GEAR)).toBe(5);
    expect(await isInStock(GEAR)).toBe(true);
  });

  it('leaves the stock alone when an order is cancelled before it is placed', async () => {
    await happened('order.cancelled', 'one');
    await happened('order.placed', 'one', 3);
    expect(await onHand(GEAR)).toBe(5);
  });

  it('takes the stock of an order whose reservation has expired, below zero if need be', async () => {
    await put('one', [GEAR, 5]);
    now = new Date(now.getTime() + 600_000);
    await put('two', [GEAR, 4]);
    await happened('order.placed', 'two', 4);
    await happened('order.placed', 'one', 5);
    expect(await onHand(GEAR)).toBe(-4);
    expect(await isInStock(GEAR)).toBe(false);
  });

  it('takes the stock of an order whose reservation it has forgotten, and gives it back', async () => {
    await happened('order.placed', 'forgotten', 2);
    expect(await onHand(GEAR)).toBe(3);
    await happened('order.cancelled', 'forgotten');
    expect(await onHand(GEAR)).toBe(5);
  });

  it('forgets what ended long ago, but not what was sold', async () => {
    await put('expired', [GEAR, 1]);
    await put('sold', [GEAR, 1]);
    await happened('order.placed', 'sold', 1);
    await send('DELETE', 'released');
    now = new Date(now.getTime() + 8 * 86_400_000);
    await put('new', [GEAR, 1]);
    const { rows } = await service.pool.query('select order_key from products.reservation order by order_key');
    expect(rows.map((row) => row.order_key)).toEqual(['new', 'sold']);
  });

  it('leaves out an event that makes no sense, instead of being told of it for ever', async () => {
    await service.events.publish({
      id: 'x',
      type: 'order.placed',
      occurredAt: now.toISOString(),
      data: { orderKey: 1 },
    });
    expect(await onHand(GEAR)).toBe(5);
  });
});
