import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DomainEvent, Events } from '../../service/events.ts';
import { createMemoryEvents } from '../../service/events-memory.ts';
import { createRedisEvents } from '../../service/events-redis.ts';
import { createLog } from '../../service/logs.ts';
import { createTestLog } from '../support/log-lines.ts';
import { describeOnRedis, type TestRedis } from '../support/servers.ts';
import { until } from '../support/until.ts';

const log = createLog('test', 'silent');

function happened(type: string, data: unknown = {}): DomainEvent {
  return { id: randomUUID(), type, occurredAt: new Date().toISOString(), data };
}

/** Publishes as an outbox does: again, until it is accepted. */
async function publish(events: Events, event: DomainEvent): Promise<void> {
  await until(() =>
    events.publish(event).then(
      () => true,
      () => false,
    ),
  );
}

/** What holds for events wherever they travel. */
function describeEvents(create: () => Events): void {
  let events: Events;
  beforeEach(() => {
    events = create();
  });
  afterEach(() => events.close());

  const collect = async (group: string, ...types: string[]) => {
    const received: DomainEvent[] = [];
    const handle = async (event: DomainEvent) => void received.push(event);
    const running = await events.subscribe({ group, types, handle });
    return { received, close: () => running.close() };
  };

  it('gives an event to every group, as it was published', async () => {
    const first = await collect('first', 'order.placed');
    const second = await collect('second', 'order.placed');
    const event = happened('order.placed', { total: '12.50', lines: [{ quantity: 2 }], note: 'ünïcode\n' });
    await publish(events, event);
    await until(() => first.received.length > 0 && second.received.length > 0);
    expect(first.received).toEqual([event]);
    expect(second.received).toEqual([event]);
  });

  it('gives a group the types it asked for only', async () => {
    const placed = await collect('placed', 'order.placed');
    const both = await collect('both', 'order.placed', 'order.cancelled');
    await publish(events, happened('order.cancelled'));
    await publish(events, happened('order.placed'));
    await until(() => both.received.length === 2 && placed.received.length === 1);
    expect(placed.received[0]?.type).toBe('order.placed');
  });

  it('shares the events of a group among its members', async () => {
    const one = await collect('shared', 'order.placed');
    const other = await collect('shared', 'order.placed');
    const all = Array.from({ length: 20 }, () => happened('order.placed'));
    for (const event of all) await publish(events, event);
    await until(() => one.received.length + other.received.length >= all.length);
    const ids = [...one.received, ...other.received].map(({ id }) => id);
    expect(ids.toSorted()).toEqual(all.map(({ id }) => id).toSorted());
  });

  it('keeps the order of a publisher', async () => {
    const { received } = await collect('ordered', 'order.placed');
    for (let number = 0; number < 30; number++) await publish(events, happened('order.placed', { number }));
    await until(() => received.length === 30);
    expect(received.map(({ data }) => data)).toEqual(received.map((_event, number) => ({ number })));
  });

  it('gives an event again when dealing with it failed, and other groups are not kept from it', async () => {
    const other = await collect('other', 'order.placed');
    const attempts: string[] = [];
    await events.subscribe({
      group: 'failing',
      types: ['order.placed'],
      handle: async ({ id }) => {
        attempts.push(id);
        if (attempts.length < 3) throw new Error('not yet');
      },
    });
    const event = happened('order.placed');
    await publish(events, event);
    await until(() => attempts.length === 3 && other.received.length > 0);
    expect(attempts).toEqual([event.id, event.id, event.id]);
  });

  it('delivers to the others when one subscription is closed', async () => {
    const closed = await collect('team', 'order.placed');
    const open = await collect('team', 'order.placed');
    await closed.close();
    await publish(events, happened('order.placed'));
    await until(() => open.received.length === 1);
    expect(closed.received).toEqual([]);
  });

  it('keeps what is published while no member of a group is there', async () => {
    const gone = await collect('absent', 'order.placed');
    await gone.close();
    const event = happened('order.placed');
    const published = publish(events, event);
    const back = await collect('absent', 'order.placed');
    await published;
    await until(() => back.received.length === 1);
    expect(back.received).toEqual([event]);
    expect(gone.received).toEqual([]);
  });

  it('ends the event in hand before it is closed', async () => {
    const steps: string[] = [];
    const begun = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    await events.subscribe({
      group: 'slow',
      types: ['order.placed'],
      handle: async () => {
        begun.resolve();
        await finish.promise;
        steps.push('dealt with');
      },
    });
    const published = publish(events, happened('order.placed'));
    await begun.promise;
    const closed = events.close().then(() => steps.push('closed'));
    finish.resolve();
    await Promise.all([closed, published]);
    expect(steps).toEqual(['dealt with', 'closed']);
  });

  it('refuses what is published after it was closed', async () => {
    await events.close();
    await expect(events.publish(happened('order.placed'))).rejects.toThrow('Events are closed.');
  });
}

describe('events in memory', () => {
  describeEvents(() => createMemoryEvents({ log }));

  it('puts an event aside that fails each time, whole, so that those behind it are not held up', async () => {
    const { log: testLog, lines } = createTestLog('error');
    const events = createMemoryEvents({ log: testLog, maxDeliveries: 3 });
    let deliveries = 0;
    await events.subscribe({
      group: 'failing',
      types: ['order.placed'],
      handle: async () => {
        deliveries++;
        throw new Error('no room');
      },
    });
    await publish(events, happened('order.placed', { orderId: 'the lost one' }));
    expect(deliveries).toBe(3);
    expect(await lines.find(/gave up/)).toContain('the lost one');
    await events.close();
  });
});

describeOnRedis('events in Redis Streams', (create) => {
  let redis: TestRedis;
  beforeEach(async () => {
    redis = await create();
  });
  afterEach(() => redis.close());

  describeEvents(() => createRedisEvents({ url: redis.url, prefix: redis.prefix, log, retryAfterMs: 20 }));
});
