import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Database } from '../../../service/database.ts';
import { DEMO_USERS, demoId } from '../../../subgraphs/demo.ts';
import { DEMO_ORDERS } from '../../../subgraphs/demo-orders.ts';
import { seedOrders } from '../../../subgraphs/orders/seed.ts';
import { order, orderLine, outbox } from '../../../subgraphs/orders/tables.ts';
import { describeOnEachPostgres, type TestDatabase } from '../../support/servers.ts';
import { openTestDatabase } from '../support/open-test-database.ts';

describeOnEachPostgres('the demo orders', (kind) => {
  let test: TestDatabase;
  let database: Database;

  beforeAll(async () => {
    test = await kind.create();
    database = await openTestDatabase('orders', test.url);
  });
  afterAll(async () => {
    await database.close();
    await test.close();
  });

  it('are a hundred, of all the users, three or more of them Ada’s, at the sum of their lines', async () => {
    await seedOrders(database);
    const rows = await database.query.select().from(order);
    expect(rows).toHaveLength(100);
    expect(new Set(rows.map(({ userId }) => userId))).toEqual(new Set(DEMO_USERS.map(({ id }) => id)));
    expect(rows.filter(({ userId }) => userId === demoId('user', 1)).length).toBeGreaterThanOrEqual(3);
    const lines = Map.groupBy(await database.query.select().from(orderLine), ({ orderId }) => orderId);
    for (const { id, total } of rows) {
      const cents = (lines.get(id) ?? []).map(
        ({ quantity, unitPrice }) => quantity * Math.round(Number(unitPrice) * 100),
      );
      expect(Math.round(Number(total) * 100)).toBe(cents.reduce((sum, amount) => sum + amount, 0));
    }
  });

  it('are seeded once, also by replicas that start at the same time, and tell of nothing', async () => {
    await database.query.delete(orderLine);
    await database.query.delete(order);
    await Promise.all([seedOrders(database), seedOrders(database)]);
    await seedOrders(database);
    expect(await database.query.$count(order)).toBe(DEMO_ORDERS.length);
    expect(await database.query.$count(outbox)).toBe(0);
  });

  it('are not added to what is there', async () => {
    await database.query.delete(orderLine);
    await database.query.delete(order);
    const [first] = DEMO_ORDERS.map(({ lines: _, ...fields }) => ({ ...fields, currency: 'EUR' }));
    if (first !== undefined) await database.query.insert(order).values(first);
    await seedOrders(database);
    expect(await database.query.$count(order)).toBe(1);
  });
});
