import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { createEvents, type DomainEvent } from '../../../service/events.ts';
import { createLog } from '../../../service/logs.ts';
import {
  createTestDatabase,
  describeOnEachPostgres,
  describeOnRedis,
  type TestDatabase,
  type TestRedis,
} from '../../support/servers.ts';
import { until } from '../../support/until.ts';
import { orderCancelled, orderPlaced } from './order-event.ts';
import { type StartedNotifications, startNotifications } from './start-notifications.ts';

/** What was made of events, oldest first. */
async function toldTo({ pool }: StartedNotifications, userId: string): Promise<unknown[]> {
  const { rows } = await pool.query(
    'select kind, message, order_id as "orderId", created_at as "createdAt" from notifications.notification where user_id = $1 order by created_at',
    [userId],
  );
  return rows;
}

/** An event with something else in its data. */
function spoil(event: DomainEvent, change: Readonly<Record<string, unknown>>): DomainEvent {
  return { ...event, data: { ...(event.data as object), ...change } };
}

describeOnEachPostgres('notifications of orders', (kind) => {
  let database: TestDatabase;
  let service: StartedNotifications;

  beforeAll(async () => {
    database = await kind.create();
    service = await startNotifications({ databaseUrl: database.url });
  });

  afterAll(async () => {
    await service.close();
    await database.close();
  });

  it('tells a user of an order that was placed, and that it was cancelled', async () => {
    const userId = randomUUID();
    const orderId = randomUUID();
    await service.events.publish(orderPlaced({ userId, orderId, occurredAt: '2026-07-04T09:00:00.000Z' }));
    await service.events.publish(orderCancelled({ userId, orderId, occurredAt: '2026-07-04T10:00:00.000Z' }));
    expect(await toldTo(service, userId)).toEqual([
      {
        kind: 'ORDER_PLACED',
        message: 'Your order of 3 items for 33.90 EUR has been placed.',
        orderId,
        createdAt: new Date('2026-07-04T09:00:00.000Z'),
      },
      {
        kind: 'ORDER_CANCELLED',
        message: 'Your order has been cancelled.',
        orderId,
        createdAt: new Date('2026-07-04T10:00:00.000Z'),
      },
    ]);
  });

  it('makes one notification of an event, however often and however simultaneously it comes', async () => {
    const userId = randomUUID();
    const event = orderPlaced({ userId });
    await service.events.publish(event);
    await Promise.all(Array.from({ length: 10 }, () => service.events.publish(event)));
    expect(await toldTo(service, userId)).toHaveLength(1);
  });

  it('leaves a notification that was read as it is when its event comes again', async () => {
    const userId = randomUUID();
    const event = orderPlaced({ userId });
    await service.events.publish(event);
    await service.pool.query('update notifications.notification set read_at = now() where user_id = $1', [userId]);
    await service.events.publish(event);
    const { rows } = await service.pool.query('select read_at from notifications.notification where user_id = $1', [
      userId,
    ]);
    expect(rows).toEqual([{ read_at: expect.any(Date) }]);
  });

  it('is not interested in other events', async () => {
    const userId = randomUUID();
    await service.events.publish({ ...orderPlaced({ userId }), type: 'order.shipped' });
    expect(await toldTo(service, userId)).toEqual([]);
  });

  it.each<[string, (event: DomainEvent) => DomainEvent]>([
    ['without data', (event) => ({ ...event, data: null })],
    ['of an order without an id', (event) => spoil(event, { orderId: undefined })],
    ['of nobody', (event) => spoil(event, { userId: 'nobody' })],
    ['of no lines', (event) => spoil(event, { lines: [] })],
    ['of half an item', (event) => spoil(event, { lines: [{ productId: randomUUID(), quantity: 0.5 }] })],
    ['with a float for money', (event) => spoil(event, { total: 33.9 })],
    ['in no currency', (event) => spoil(event, { currency: 'gold' })],
    ['of no time', (event) => ({ ...event, occurredAt: 'yesterday' })],
  ])('does not take an event %s as done', async (_title, change) => {
    const userId = randomUUID();
    const event = orderPlaced({ userId });
    await expect(service.events.publish(change(event))).rejects.toThrow('was not dealt with');
    expect(await toldTo(service, userId)).toEqual([]);
    // The same event as it should have been is not taken for one that was there before.
    await service.events.publish(event);
    expect(await toldTo(service, userId)).toHaveLength(1);
  });
});

describeOnRedis('notifications of orders', (create) => {
  let database: TestDatabase;
  let prefix: TestRedis;
  let redis: Redis;
  let service: StartedNotifications;

  beforeAll(async () => {
    database = await createTestDatabase();
    prefix = await create();
    redis = new Redis(prefix.url);
    const events = createEvents({ redisUrl: prefix.url, prefix: prefix.prefix, log: createLog('test', 'silent') });
    service = await startNotifications({ databaseUrl: database.url, events });
  });

  afterAll(async () => {
    await service.close();
    await service.events.close();
    await redis.quit();
    await prefix.close();
    await database.close();
  });

  it('tells users of events that come over a stream, once, and keeps those it cannot read for another try', async () => {
    const userId = randomUUID();
    const placed = orderPlaced({ userId });
    const spoilt = spoil(orderPlaced({ userId }), { userId: 'nobody' });
    for (const event of [placed, spoilt, placed, orderCancelled({ userId })]) await service.events.publish(event);
    await until(async () => (await toldTo(service, userId)).length === 2);
    await until(async () => {
      const [pending] = (await redis.xpending(`${prefix.prefix}events`, 'notifications')) as [number];
      return pending === 1;
    });
    expect(await toldTo(service, userId)).toHaveLength(2);
  });
});
