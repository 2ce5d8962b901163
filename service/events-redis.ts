import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { hostname } from 'node:os';
import { Redis, ReplyError } from 'ioredis';
import type { Events, Subscription } from './events.ts';
import type { Log } from './logs.ts';
import type { Running } from './run.ts';
import { consumeStream, type Redelivery } from './stream-consumer.ts';
import { toFields } from './stream-entry.ts';
import { type CallRedis, createStreamGroup, RedisUnreachable } from './stream-group.ts';

export interface RedisEventsOptions extends Partial<Redelivery> {
  readonly url: string;
  /** Put before every key. */
  readonly prefix: string;
  readonly log: Log;
  /** How long Redis may take to answer, and to be reached; publishing takes at most twice that. In milliseconds. */
  readonly timeoutMs?: number;
  /** About how many events the stream keeps: older ones are trimmed away, also when a group has not read them yet. */
  readonly maxLength?: number;
}

/** With these, an event that keeps failing is put aside after some two hours. */
const REDELIVERY: Redelivery = {
  retryAfterMs: 1_000,
  retryAtMostMs: 600_000,
  abandonedAfterMs: 60_000,
  maxDeliveries: 20,
};

/**
 * Events over Redis Streams: one stream, `PREFIXevents`, and a consumer group for each group of subscribers. Events that
 * cannot be dealt with end in `PREFIXevents:dead`. Needs a Redis (6.2 or newer) that writes to disk and evicts nothing:
 * what it forgets, nobody hears of.
 *
 * An outage of Redis is logged once and waited for: consumers go on by themselves, and `publish` rejects, at the latest
 * after its deadline. No queue grows meanwhile, because the publisher's outbox is one.
 */
export function createRedisEvents(options: RedisEventsOptions): Events {
  const { prefix, log, maxLength = 100_000 } = options;
  const connections = createConnections(options);
  const stream = `${prefix}events`;
  const stopping = new AbortController();
  const call = connections.caller(connections.commands, stopping.signal);
  const publishing = new Set<Promise<unknown>>();
  const consumers = new Set<Running>();

  function startConsumer(subscription: Subscription): Running {
    const stop = new AbortController();
    const consumer = `${hostname()}-${process.pid}-${randomUUID()}`;
    const blocking = connections.openBlocking();
    const group = createStreamGroup({
      stream,
      dead: `${stream}:dead`,
      group: subscription.group,
      consumer,
      call: connections.caller(connections.commands, stop.signal),
      callBlocking: connections.caller(blocking.redis, stop.signal),
    });
    const consuming = consumeStream({
      ...REDELIVERY,
      ...options,
      group,
      consumer,
      subscription,
      log: log.child({ group: subscription.group }),
      stopping: stop.signal,
    });
    return {
      async close() {
        stop.abort();
        blocking.redis.disconnect();
        await consuming;
        if (connections.commands.status !== 'ready') return;
        try {
          await blocking.forget();
          await group.leave();
        } catch (error) {
          log.debug({ err: error }, 'could not leave the group; the others will notice');
        }
      },
    };
  }

  let closing: Promise<void> | undefined;
  async function close(): Promise<void> {
    stopping.abort();
    const open = [...consumers];
    consumers.clear();
    await Promise.all(open.map((consumer) => consumer.close()));
    await Promise.allSettled(publishing);
    connections.commands.disconnect();
  }

  return {
    async publish(event) {
      if (stopping.signal.aborted) throw new Error('Events are closed.');
      const published = call('XADD', stream, 'MAXLEN', '~', maxLength, '*', ...toFields(event));
      publishing.add(published);
      await published.finally(() => publishing.delete(published));
    },
    async subscribe(subscription) {
      const consumer = startConsumer(subscription);
      consumers.add(consumer);
      return {
        close: async () => {
          if (consumers.delete(consumer)) await consumer.close();
        },
      };
    },
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

/** One connection for commands, and one more for each consumer, because a blocking read keeps all others waiting. */
function createConnections({
  url,
  log,
  timeoutMs = 2_500,
  retryAfterMs = REDELIVERY.retryAfterMs,
}: RedisEventsOptions) {
  const connection = {
    // RESP2: there, replies to `call` have one shape whatever the version of Redis and the case of the command.
    protocol: 2 as const,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: timeoutMs,
    retryStrategy: (attempt: number) => Math.min(50 * 2 ** Math.min(attempt, 10), 2_000),
  };
  const commands = new Redis(url, { ...connection, commandTimeout: timeoutMs, socketTimeout: timeoutMs * 2 });
  logOutages(commands, log);
  // However many wait for the connection at the same time, they are no leak.
  commands.setMaxListeners(0);
  return {
    commands,
    /** Sends a command when the connection is there, or as soon as it is; not later than the deadline. */
    caller(redis: Redis, stop: AbortSignal): CallRedis {
      return async (command, ...args) => {
        try {
          if (redis.status !== 'ready') await ready(redis, AbortSignal.any([stop, AbortSignal.timeout(timeoutMs)]));
          return await redis.call(command, ...args);
        } catch (error) {
          throw error instanceof ReplyError ? error : new RedisUnreachable({ cause: error });
        }
      };
    },
    openBlocking() {
      const redis = new Redis(url, { ...connection, socketTimeout: retryAfterMs + timeoutMs });
      let clientId: unknown;
      // The other connection goes to the same server and tells of its outages.
      redis.on('error', () => undefined);
      redis.on('ready', async () => {
        clientId = await redis.call('CLIENT', 'ID').catch(() => undefined);
      });
      return {
        redis,
        /** Redis learns of a closed connection when it comes to it; until then it would still deliver an event there. */
        forget: async () => {
          if (clientId !== undefined) await commands.call('CLIENT', 'KILL', 'ID', String(clientId));
        },
      };
    },
  };
}

async function ready(redis: Redis, signal: AbortSignal): Promise<void> {
  if (redis.status === 'end') throw new Error('The connection is closed.');
  // Rejects with the connection's error too: whoever waits learns why at once, and decides when to try again.
  await once(redis, 'ready', { signal });
}

/** One line when Redis goes away, one when it is back. */
function logOutages(redis: Redis, log: Log): void {
  let isOut = false;
  const goes = (error?: unknown) => {
    if (isOut || redis.status === 'end') return;
    isOut = true;
    log.warn({ err: error }, 'lost Redis: events wait until it is back');
  };
  redis.on('error', goes);
  redis.on('reconnecting', () => goes());
  redis.on('ready', () => {
    if (isOut) log.info('Redis is back: events go on');
    isOut = false;
  });
}
