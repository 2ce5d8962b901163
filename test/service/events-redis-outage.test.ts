import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { DomainEvent, Events } from '../../service/events.ts';
import { createRedisEvents } from '../../service/events-redis.ts';
import { freePort } from '../support/free-port.ts';
import { createTestLog } from '../support/log-lines.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { describeWithRedisServer } from '../support/servers.ts';
import { until } from '../support/until.ts';

const TIMEOUT_MS = 2_500;

function happened(): DomainEvent {
  return { id: randomUUID(), type: 'order.placed', occurredAt: new Date().toISOString(), data: {} };
}

describeWithRedisServer('events while Redis is away', () => {
  let port: number;
  let server: RedisServer | undefined;
  let events: Events;
  let lines: readonly string[];
  let received: string[];

  beforeEach(async () => {
    port = await freePort();
    const { log, lines: logged } = createTestLog();
    lines = logged.all;
    received = [];
    events = createRedisEvents({
      ...{ url: `redis://127.0.0.1:${port}`, prefix: 'test:', log, timeoutMs: TIMEOUT_MS, retryAfterMs: 50 },
    });
    await events.subscribe({
      group: 'group',
      types: ['order.placed'],
      handle: async ({ id }) => void received.push(id),
    });
  });
  afterEach(async () => {
    await events.close();
    await server?.close();
    server = undefined;
  });

  /** Publishes until it is accepted, and waits until it was received. */
  const roundTrip = async () => {
    const event = happened();
    await until(() =>
      events.publish(event).then(
        () => true,
        () => false,
      ),
    );
    await until(() => received.includes(event.id));
  };
  const linesAbout = (text: string) => lines.filter((line) => line.includes(text)).length;

  it('starts before Redis does, and refuses what is published until then', async () => {
    await expect(events.publish(happened())).rejects.toThrow('Redis cannot be reached.');
    server = await startRedisServer(port);
    await roundTrip();
    expect(linesAbout('lost Redis')).toBe(1);
    expect(linesAbout('Redis is back')).toBe(1);
  });

  it('goes on when Redis comes back, even without its data, and says so once for each outage', async () => {
    server = await startRedisServer(port);
    await roundTrip();
    // It was away at the start already.
    expect(linesAbout('Redis is back')).toBe(1);
    for (const outage of [2, 3]) {
      await server.close();
      await expect(events.publish(happened())).rejects.toThrow();
      await until(() => linesAbout('lost Redis') === outage);
      server = await startRedisServer(port);
      await roundTrip();
      expect(linesAbout('lost Redis')).toBe(outage);
      expect(linesAbout('Redis is back')).toBe(outage);
    }
    expect(linesAbout('cannot read events')).toBe(0);
  });

  it('refuses within its deadline when Redis does not answer', async () => {
    server = await startRedisServer(port);
    await roundTrip();
    process.kill(server.processId, 'SIGSTOP');
    // The server says nothing until it is let go on: only the deadline ends this.
    await expect(events.publish(happened())).rejects.toThrow();
    process.kill(server.processId, 'SIGCONT');
    await roundTrip();
  });

  it('closes at once while Redis is away', async () => {
    await events.close();
    // With these it would wait for an hour, and the test with it.
    const hours = { timeoutMs: 3_600_000, retryAfterMs: 3_600_000 };
    const { log, lines: logged } = createTestLog();
    events = createRedisEvents({ url: `redis://127.0.0.1:${port}`, prefix: 'test:', log, ...hours });
    await events.subscribe({ group: 'group', types: ['order.placed'], handle: async () => undefined });
    await logged.find(/lost Redis/);
    await events.close();
  });
});
