import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import type { Database } from '../../service/database.ts';
import type { DomainEvent, Events } from '../../service/events.ts';
import { createMemoryEvents } from '../../service/events-memory.ts';
import { createLog } from '../../service/logs.ts';
import { type OutboxOptions, type OutboxRelay, relayOutbox } from '../../service/outbox.ts';
import { outbox } from '../../subgraphs/orders/tables.ts';
import { openTestDatabase } from '../subgraphs/support/open-test-database.ts';
import { describeOnEachPostgres, type TestDatabase } from '../support/servers.ts';
import { until } from '../support/until.ts';

const log = createLog('test', 'silent');
const HOUR_MS = 3_600_000;

describeOnEachPostgres('an outbox', (kind) => {
  let test: TestDatabase;
  let database: Database;
  let events: Events;
  let relays: OutboxRelay[];

  beforeAll(async () => {
    test = await kind.create();
    database = await openTestDatabase('orders', test.url);
  });
  beforeEach(() => {
    events = createMemoryEvents({ log });
    relays = [];
  });
  afterEach(async () => {
    await Promise.all(relays.map((relay) => relay.close()));
    await database.query.delete(outbox);
  });
  afterAll(async () => {
    await database.close();
    await test.close();
  });

  const relay = (options: Partial<OutboxOptions> = {}) => {
    const started = relayOutbox({
      ...{ database, table: outbox, service: 'orders', events, log, pollIntervalMs: 10 },
      ...options,
    });
    relays.push(started);
    return started;
  };
  const row = (number: number) => ({
    ...{ id: randomUUID(), type: 'order.placed', data: { number }, occurredAt: new Date('2026-07-04T09:30:00.000Z') },
  });
  const write = async (...numbers: number[]) => {
    const rows = numbers.map(row);
    await database.query.insert(outbox).values(rows);
    return rows;
  };
  const collect = async (handle: (event: DomainEvent) => Promise<void> = async () => undefined) => {
    const told: unknown[] = [];
    await events.subscribe({
      group: 'test',
      types: ['order.placed'],
      handle: async (event) => {
        await handle(event);
        told.push((event.data as { number: number }).number);
      },
    });
    return told;
  };
  const isEmpty = async () => (await database.query.select().from(outbox)).length === 0;

  it('tells what was written, as it was written, and forgets it', async () => {
    const received: DomainEvent[] = [];
    await collect(async (event) => void received.push(event));
    const [written] = await write(1);
    relay();
    await until(isEmpty);
    expect(received).toEqual([
      { id: written?.id, type: 'order.placed', occurredAt: '2026-07-04T09:30:00.000Z', data: { number: 1 } },
    ]);
  });

  it('keeps the order, over several batches', async () => {
    const numbers = Array.from({ length: 120 }, (_, number) => number);
    const told = await collect();
    await write(...numbers);
    relay();
    await until(isEmpty);
    expect(told).toEqual(numbers);
  });

  it('tells at once when it is nudged', async () => {
    const told = await collect();
    const { nudge } = relay({ pollIntervalMs: HOUR_MS });
    await write(1);
    nudge();
    await until(isEmpty);
    expect(told).toEqual([1]);
  });

  it('tells nothing of a change that was rolled back', async () => {
    const told = await collect();
    const change = database.query.transaction(async (transaction) => {
      await transaction.insert(outbox).values(row(1));
      throw new Error('changed my mind');
    });
    await expect(change).rejects.toThrow('changed my mind');
    await write(2);
    relay();
    await until(isEmpty);
    expect(told).toEqual([2]);
  });

  it('lets a subscriber write to the same database', async () => {
    const told = await collect(async () => {
      // Also in a transaction: on the embedded Postgres it has to wait until no other one is open.
      await database.query.transaction((transaction) => transaction.execute(sql`select pg_advisory_xact_lock(1)`));
    });
    relay();
    await write(1, 2, 3);
    await until(isEmpty);
    expect(told).toEqual([1, 2, 3]);
  });

  it('tries again when an event could not be handed over, and keeps the order', async () => {
    let failures = 0;
    const told = await collect(async () => {
      if (failures++ < 3) throw new Error('not yet');
    });
    await write(1, 2, 3);
    relay();
    await until(isEmpty);
    expect(told).toEqual([1, 2, 3]);
  });

  it('tells again what a relay had in hand that died, when its lease is over', async () => {
    const told = await collect();
    await write(1);
    const claimedUntil = new Date(Date.now() + 300);
    await database.query.update(outbox).set({ claimedUntil });
    relay();
    await until(isEmpty);
    expect(told).toEqual([1]);
    expect(Date.now()).toBeGreaterThanOrEqual(claimedUntil.getTime());
  });

  it('keeps its lease on a batch that takes long', async () => {
    let nowMs = 0;
    const isHeld: unknown[] = [];
    const told = await collect(async () => {
      const { rows } = await database.query.execute(sql`select bool_and(claimed_until > now()) as held from ${outbox}`);
      isHeld.push(rows[0]?.held);
      nowMs += HOUR_MS / 2;
      await database.query.update(outbox).set({ claimedUntil: new Date(0) });
    });
    await write(1, 2, 3);
    relay({ leaseMs: HOUR_MS, now: () => nowMs });
    await until(isEmpty);
    expect(told).toEqual([1, 2, 3]);
    expect(isHeld).toEqual([true, true, true]);
  });

  it('lets go of a batch when it comes back too late to keep it', async () => {
    let nowMs = 0;
    const told = await collect(async () => {
      if (nowMs > 0) return;
      nowMs = HOUR_MS;
      // What another replica does with a lease that is over: it has all of it in hand for an hour.
      await database.query.update(outbox).set({ claimedUntil: new Date(Date.now() + HOUR_MS) });
    });
    await write(1, 2, 3);
    const { close } = relay({ leaseMs: HOUR_MS, now: () => nowMs });
    await until(async () => (await database.query.select().from(outbox)).length === 2);
    await close();
    expect(told).toEqual([1]);
    const held = await database.query.select({ claimedUntil: outbox.claimedUntil }).from(outbox);
    expect(held.map(({ claimedUntil }) => claimedUntil)).not.toContain(null);
  });

  it('tells each event once with several replicas, in order', async () => {
    const numbers = Array.from({ length: 60 }, (_, number) => number);
    const told = await collect();
    for (let replica = 0; replica < 3; replica++) relay();
    for (const number of numbers) await write(number);
    await until(isEmpty);
    expect(told).toEqual(numbers);
  });

  it('ends the event in hand before it is closed, and leaves the rest to another replica at once', async () => {
    const inHand = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const told = await collect(async () => {
      inHand.resolve();
      await goOn.promise;
    });
    await write(1, 2, 3);
    const first = relay({ leaseMs: HOUR_MS });
    await inHand.promise;
    const closed = first.close();
    goOn.resolve();
    await closed;
    expect(told).toEqual([1]);
    relay({ leaseMs: HOUR_MS });
    await until(isEmpty);
    expect(told).toEqual([1, 2, 3]);
  });
});
