import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { GraphQLError } from 'graphql';
import type { Database } from '../../../service/database.ts';
import { demoId } from '../../../subgraphs/demo.ts';
import { addUp } from '../../../subgraphs/products/reservation-lines.ts';
import { createReservations } from '../../../subgraphs/products/reservations.ts';
import { seedProducts } from '../../../subgraphs/products/seed.ts';
import { describeOnEachPostgres, type TestDatabase } from '../../support/servers.ts';
import { openTestDatabase } from '../support/open-test-database.ts';

const PRODUCTS = [1, 2, 3, 4].map((number) => demoId('product', number));

describeOnEachPostgres('reservations, all steps at once', (kind) => {
  let server: TestDatabase;
  let database: Database;

  beforeAll(async () => {
    server = await kind.create();
    // All of them wait for ten connections.
    database = await openTestDatabase('products', server.url, { timeoutMs: 60_000 });
    await seedProducts(database);
    await database.query.execute(sql`update products.stock set on_hand = 30`);
  });

  afterAll(async () => {
    await database.close();
    await server.close();
  });

  /** Numbers that look like chance and are the same each time (Park and Miller's generator). */
  function createChance(): (below: number) => number {
    let state = 42;
    return (below) => {
      state = (state * 48_271) % 2_147_483_647;
      return state % below;
    };
  }

  it('leave on the shelf exactly what was not sold', async () => {
    const chance = createChance();
    const reservations = createReservations({ database, ttlS: 600, nudge: () => undefined, now: () => new Date() });
    const linesOf = (order: number) =>
      addUp(
        [0, 1, 2].map((step) => ({ productId: PRODUCTS[(order * 7 + step * 3) % 4] ?? '', quantity: 1 + (order % 2) })),
      );
    const steps = Array.from({ length: 200 }, () => {
      const order = chance(25);
      const step = (['reserve', 'reserve', 'commit', 'commit', 'release'] as const)[chance(5)] ?? 'reserve';
      if (step === 'release') return reservations.release(`order-${order}`);
      return reservations[step](`order-${order}`, linesOf(order));
    });
    const outcomes = await Promise.allSettled(steps);

    const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
    const codes = failures.map((failure) => (failure instanceof GraphQLError ? failure.extensions.code : failure));
    expect(codes.filter((code) => code !== 'OUT_OF_STOCK' && code !== 'RESERVATION_RELEASED')).toEqual([]);
    expect(outcomes.length - failures.length).toBeGreaterThan(50);

    const { rows } = await database.query.execute(sql`
      select s.on_hand as "onHand", 30 - coalesce(sum(l.quantity) filter (where r.state = 'committed'), 0) as expected
      from products.stock s
      left join products.reservation_line l on l.product_id = s.product_id
      left join products.reservation r on r.order_key = l.order_key
      group by s.product_id`);
    expect(rows.filter(({ onHand, expected }) => onHand !== expected)).toEqual([]);
    expect(rows.some(({ onHand }) => Number(onHand) < 30)).toBe(true);
  });
});
