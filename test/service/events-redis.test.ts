import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import type { DomainEvent, Events, Subscription } from '../../service/events.ts';
import { createRedisEvents, type RedisEventsOptions } from '../../service/events-redis.ts';
import { createLog, type Log } from '../../service/logs.ts';
import { describeOnRedis, type TestRedis } from '../support/servers.ts';
import { until } from '../support/until.ts';

const silent = createLog('test', 'silent');
const HOUR_MS = 3_600_000;

describeOnRedis('events in Redis Streams', (create) => {
  let redis: TestRedis;
  let raw: Redis;
  let stream: string;
  let open: Events[] = [];

  beforeEach(async () => {
    redis = await create();
    raw = new Redis(redis.url, { protocol: 2 });
    stream = `${redis.prefix}events`;
    open = [];
  });
  afterEach(async () => {
    await Promise.all(open.map((events) => events.close()));
    await raw.quit();
    await redis.close();
  });

  const createEvents = (options: Partial<RedisEventsOptions> & { log?: Log } = {}) => {
    const events = createRedisEvents({ url: redis.url, prefix: redis.prefix, log: silent, ...options });
    open.push(events);
    return events;
  };
  const happened = (): DomainEvent => ({
    ...{ id: randomUUID(), type: 'order.placed', occurredAt: new Date().toISOString(), data: {} },
  });
  const subscription = (handle: Subscription['handle']) => ({ group: 'group', types: ['order.placed'], handle });
  const collect = async (events: Events) => {
    const received: string[] = [];
    const running = await events.subscribe(subscription(async ({ id }) => void received.push(id)));
    return { received, close: () => running.close() };
  };
  const consumers = async () => ((await raw.xinfo('CONSUMERS', stream, 'group')) as string[][]).map((row) => row[1]);
  const pending = async () => ((await raw.xpending(stream, 'group')) as [number])[0];
  const deadReasons = async () => (await raw.xrange(`${stream}:dead`, '-', '+')).map(([, fields]) => fields[5]);
  /** Takes the next event in hand and never says a word again. */
  const dieWithEvent = async () => {
    await raw.xreadgroup('GROUP', 'group', 'dead', 'COUNT', 1, 'STREAMS', stream, '>');
  };

  it('delivers at once, and what was published before the group was there', async () => {
    const events = createEvents({ retryAfterMs: HOUR_MS });
    const early = happened();
    await events.publish(early);
    const { received } = await collect(events);
    await until(() => received.length === 1);
    const late = happened();
    await events.publish(late);
    await until(() => received.length === 2);
    expect(received).toEqual([early.id, late.id]);
    await until(async () => (await pending()) === 0);
  });

  it('gives the event of a consumer that died to another', async () => {
    const events = createEvents({ retryAfterMs: 20, abandonedAfterMs: 100 });
    await raw.xgroup('CREATE', stream, 'group', '0', 'MKSTREAM');
    const event = happened();
    await events.publish(event);
    await dieWithEvent();
    const { received } = await collect(events);
    await until(() => received.length === 1);
    expect(received).toEqual([event.id]);
  });

  it('leaves an event to the consumer that may still have it in hand', async () => {
    const events = createEvents({ retryAfterMs: 20, abandonedAfterMs: HOUR_MS });
    await raw.xgroup('CREATE', stream, 'group', '0', 'MKSTREAM');
    await events.publish(happened());
    await dieWithEvent();
    const { received } = await collect(events);
    const next = happened();
    await events.publish(next);
    await until(() => received.length === 1);
    expect(received).toEqual([next.id]);
    await until(async () => (await pending()) === 1);
  });

  it('removes consumers that are gone and have nothing pending, and no others', async () => {
    const events = createEvents({ retryAfterMs: 20, abandonedAfterMs: 50 });
    await raw.xgroup('CREATE', stream, 'group', '0', 'MKSTREAM');
    await raw.xgroup('CREATECONSUMER', stream, 'group', 'gone');
    await events.publish(happened());
    const { received } = await collect(events);
    await until(async () => !(await consumers()).includes('gone'));
    await until(() => received.length === 1);
    expect(await consumers()).toHaveLength(1);
  });

  it('puts an event aside that fails each time', async () => {
    const events = createEvents({ retryAfterMs: 5, maxDeliveries: 3 });
    let deliveries = 0;
    await events.subscribe(
      subscription(async () => {
        deliveries++;
        throw new Error('no room');
      }),
    );
    await events.publish(happened());
    await until(async () => (await deadReasons()).length === 1);
    expect(await deadReasons()).toEqual(['failed 3 times; at last: Error: no room']);
    expect(deliveries).toBe(3);
    expect(await pending()).toBe(0);
  });

  it('puts an event aside that ends each process that takes it in hand', async () => {
    const events = createEvents({ retryAfterMs: 5, abandonedAfterMs: 10, maxDeliveries: 3 });
    await raw.xgroup('CREATE', stream, 'group', '0', 'MKSTREAM');
    await events.publish(happened());
    await dieWithEvent();
    const [entry] = await raw.xrange(stream, '-', '+');
    await raw.xclaim(stream, 'group', 'dead', 0, entry?.[0] ?? '', 'RETRYCOUNT', 3);
    const { received } = await collect(events);
    await until(async () => (await deadReasons()).length === 1);
    expect(received).toEqual([]);
  });

  it('puts aside what is not an event, and goes on', async () => {
    const events = createEvents();
    await raw.xadd(stream, '*', 'what', 'is this');
    await raw.xadd(stream, '*', 'id', '1', 'type', 'order.placed', 'occurredAt', 'yesterday', 'data', '{}');
    await raw.xadd(stream, '*', 'id', '1', 'type', 'order.placed', 'occurredAt', happened().occurredAt, 'data', '{');
    const event = happened();
    await events.publish(event);
    const { received } = await collect(events);
    await until(() => received.length === 1);
    expect(received).toEqual([event.id]);
    expect(await deadReasons()).toEqual(Array.from({ length: 3 }, () => expect.stringMatching(/^not an event: /)));
    await until(async () => (await pending()) === 0);
  });

  it('closes at once while it waits for events, and leaves the group', async () => {
    const events = createEvents({ retryAfterMs: HOUR_MS });
    await events.publish(happened());
    const { received } = await collect(events);
    await until(() => received.length === 1);
    expect(await consumers()).toHaveLength(1);
    // It would wait for an hour otherwise, and the test with it.
    await events.close();
    expect(await consumers()).toEqual([]);
  });

  it('hands over what failed when it is closed', async () => {
    const options = { retryAfterMs: 20, retryAtMostMs: 20, abandonedAfterMs: HOUR_MS };
    const failing = createEvents(options);
    const failed = Promise.withResolvers<void>();
    await failing.subscribe(
      subscription(async () => {
        failed.resolve();
        throw new Error('not here');
      }),
    );
    const event = happened();
    await failing.publish(event);
    await failed.promise;
    await failing.close();
    const { received } = await collect(createEvents(options));
    await until(() => received.length === 1);
    expect(received).toEqual([event.id]);
  });
});
