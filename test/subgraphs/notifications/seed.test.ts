import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { demoId } from '../../../subgraphs/demo.ts';
import { DEMO_ORDERS } from '../../../subgraphs/demo-orders.ts';
import { describeOnEachPostgres, type TestDatabase } from '../../support/servers.ts';
import { ask } from '../support/ask.ts';
import { orderPlaced } from './order-event.ts';
import { type StartedNotifications, startNotifications } from './start-notifications.ts';

const ADA = demoId('user', 1);

interface Answer {
  readonly _entities: readonly [{ readonly notifications: readonly Record<string, unknown>[] }];
}

describeOnEachPostgres('the demo notifications', (kind) => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await kind.create();
  });

  afterEach(() => database.close());

  async function withService<Value>(
    seed: 'none' | 'demo',
    use: (service: StartedNotifications) => Promise<Value>,
  ): Promise<Value> {
    const service = await startNotifications({ databaseUrl: database.url, seed });
    try {
      return await use(service);
    } finally {
      await service.close();
    }
  }

  async function count({ pool }: StartedNotifications): Promise<number> {
    const { rows } = await pool.query('select count(*) from notifications.notification');
    return Number(rows[0].count);
  }

  it('tell Ada of her orders, the newest of which she has not read of', async () => {
    const answer = await withService('demo', async ({ url, token }) =>
      ask<Answer>(
        url,
        `{ _entities(representations: [{ __typename: "User", id: "${ADA}" }]) {
          ... on User { notifications { id kind message createdAt readAt order { id } } }
        } }`,
        { token: await token({ subject: ADA }) },
      ),
    );
    const [{ notifications }] = answer.data._entities;
    expect(notifications[0]).toEqual({
      id: demoId('notification', 1),
      kind: 'ORDER_PLACED',
      message: `Your order of 1 item for ${DEMO_ORDERS[0]?.total} EUR has been placed.`,
      createdAt: '2026-11-20T12:00:00.000Z',
      readAt: null,
      order: { id: demoId('order', 1) },
    });
    expect(notifications.map(({ order }) => order)).toEqual(
      [1, 21, 41, 61, 81].map((number) => ({ id: demoId('order', number) })),
    );
    expect(notifications.map(({ readAt }) => readAt !== null)).toEqual([false, false, true, true, true]);
  });

  it('tell of every order, and of those that were cancelled twice', async () => {
    const told = await withService('demo', async ({ pool }) => {
      const { rows } = await pool.query(
        'select user_id, order_id, array_agg(kind order by created_at) as kinds from notifications.notification group by 1, 2',
      );
      return new Map(rows.map(({ user_id, order_id, kinds }) => [order_id, { userId: user_id, kinds }]));
    });
    const expected = DEMO_ORDERS.map(({ id, userId, status }) => {
      const kinds = status === 'CANCELLED' ? ['ORDER_PLACED', 'ORDER_CANCELLED'] : ['ORDER_PLACED'];
      return [id, { userId, kinds }] as const;
    });
    expect(told).toEqual(new Map(expected));
  });

  it('are there once, however often the service starts', async () => {
    const first = await withService('demo', count);
    expect(first).toBeGreaterThan(0);
    expect(await withService('demo', count)).toBe(first);
  });

  it('are not added to others', async () => {
    await withService('none', ({ events }) => events.publish(orderPlaced({ userId: ADA })));
    expect(await withService('demo', count)).toBe(1);
  });

  it('are not there unless asked for', async () => {
    expect(await withService('none', count)).toBe(0);
  });
});
