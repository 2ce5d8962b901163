import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeOnEachPostgres, type TestDatabase } from '../../support/servers.ts';
import { orderCancelled, orderPlaced } from './order-event.ts';
import { type StartedNotifications, startNotifications } from './start-notifications.ts';

const ADA = randomUUID();
const PLACED = randomUUID();
const CANCELLED = randomUUID();

describeOnEachPostgres('the REST resources of notifications', (kind) => {
  let database: TestDatabase;
  let service: StartedNotifications;
  let ada: string;
  let charles: string;
  let admin: string;

  beforeAll(async () => {
    database = await kind.create();
    service = await startNotifications({ databaseUrl: database.url });
    ada = await service.token({ subject: ADA, scopes: ['user'] });
    charles = await service.token({ subject: randomUUID(), scopes: ['user'] });
    admin = await service.token({ subject: randomUUID(), scopes: ['user', 'admin'] });
    const occurredAt = (hour: number) => new Date(Date.UTC(2026, 6, 4, hour)).toISOString();
    await service.events.publish(orderPlaced({ userId: ADA, orderId: PLACED, occurredAt: occurredAt(9) }));
    await service.events.publish(orderCancelled({ userId: ADA, orderId: CANCELLED, occurredAt: occurredAt(10) }));
    await service.pool.query('update notifications.notification set read_at = $1 where order_id = $2', [
      occurredAt(11),
      CANCELLED,
    ]);
  });

  afterAll(async () => {
    await service.close();
    await database.close();
  });

  async function get(path: string, token?: string): Promise<{ status: number; body: unknown }> {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const response = await fetch(`${service.url}${path}`, { headers });
    return { status: response.status, body: await response.json() };
  }

  it('lists the notifications of a user, newest first', async () => {
    expect(await get(`/notifications?userId=${ADA}`, ada)).toEqual({
      status: 200,
      body: {
        notifications: [
          {
            id: expect.any(String),
            userId: ADA,
            kind: 'ORDER_CANCELLED',
            message: 'Your order has been cancelled.',
            orderId: CANCELLED,
            createdAt: '2026-07-04T10:00:00.000Z',
            readAt: '2026-07-04T11:00:00.000Z',
          },
          {
            id: expect.any(String),
            userId: ADA,
            kind: 'ORDER_PLACED',
            message: 'Your order of 3 items for 33.90 EUR has been placed.',
            orderId: PLACED,
            createdAt: '2026-07-04T09:00:00.000Z',
            readAt: null,
          },
        ],
      },
    });
  });

  it.each([
    ['unreadOnly=true', [PLACED]],
    ['unreadOnly=false', [CANCELLED, PLACED]],
    ['first=1', [CANCELLED]],
    ['first=1&unreadOnly=true', [PLACED]],
  ])('lists those of ?%s', async (range, orders) => {
    expect(await get(`/notifications?userId=${ADA}&${range}`, ada)).toEqual({
      status: 200,
      body: { notifications: orders.map((orderId) => expect.objectContaining({ orderId })) },
    });
  });

  it('shows them to the user and administrators only', async () => {
    const path = `/notifications?userId=${ADA}`;
    expect(await get(path)).toMatchObject({ status: 401, body: { error: { code: 'UNAUTHENTICATED' } } });
    expect(await get(path, charles)).toMatchObject({ status: 403, body: { error: { code: 'FORBIDDEN' } } });
    expect(await get(path, 'forged')).toMatchObject({ status: 401 });
    expect(await get(path, admin)).toMatchObject({ status: 200, body: { notifications: [{}, {}] } });
  });

  it.each(['', `userId=${ADA}&userId=${ADA}`, 'first=1'])('refuses /notifications?%s', async (query) => {
    expect(await get(`/notifications?${query}`, ada)).toMatchObject({
      status: 400,
      body: { error: { code: 'BAD_USER_INPUT' } },
    });
    expect(await get(`/notifications?${query}`)).toMatchObject({ status: 401 });
  });

  it.each(['first=0', 'first=101', 'first=', 'first=many', 'first=1&first=2', 'unreadOnly=yes', 'unreadOnly='])(
    'refuses /notifications?userId=…&%s',
    async (range) => {
      expect(await get(`/notifications?userId=${ADA}&${range}`, ada)).toMatchObject({
        status: 400,
        body: { error: { code: 'BAD_USER_INPUT' } },
      });
    },
  );

  it.each([randomUUID(), 'nobody', '%00'])('has nothing for the user %s, who is nobody', async (userId) => {
    expect(await get(`/notifications?userId=${userId}`, admin)).toEqual({ status: 200, body: { notifications: [] } });
  });

  it('is healthy and ready', async () => {
    expect(await get('/health')).toEqual({ status: 200, body: { status: 'ok' } });
    expect(await get('/ready')).toEqual({ status: 200, body: { status: 'ready' } });
  });
});
