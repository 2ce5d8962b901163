import { createMemoryEvents } from './events-memory.ts';
import { createRedisEvents } from './events-redis.ts';
import type { Log } from './logs.ts';
import type { Running } from './run.ts';

/** Something that happened in one service and that others may act on. Told in the past tense: `order.placed`. */
export interface DomainEvent {
  /** Unique; what a consumer remembers to be idempotent. */
  readonly id: string;
  /** `entity.happened` */
  readonly type: string;
  /** ISO 8601, UTC. */
  readonly occurredAt: string;
  /** JSON; its shape belongs to the type. Whoever consumes it parses it. */
  readonly data: unknown;
}

export interface Subscription {
  /** Each group gets every event once (or more); the members of a group share them and name the same types. The service's name. */
  readonly group: string;
  readonly types: readonly string[];
  /** Resolves when the event is dealt with. When it rejects, the event comes again. */
  readonly handle: (event: DomainEvent) => Promise<void>;
}

/**
 * Domain events between services: every group of subscribers gets every event **at least once**, so handlers must be
 * idempotent by `event.id`. Order is kept per publisher except where an event had to be delivered again.
 */
export interface Events extends Running {
  /** Resolves when the event cannot get lost any more. @throws when it could not be handed over: publish it again */
  publish(event: DomainEvent): Promise<void>;
  /** Starts delivery. Closing the result ends it after the event in hand; other subscriptions go on. */
  subscribe(subscription: Subscription): Promise<Running>;
}

export interface EventsOptions {
  /** Redis Streams when given; without it events stay inside this process. */
  readonly redisUrl?: string | undefined;
  /** Put before every Redis key. */
  readonly prefix?: string;
  readonly log: Log;
}

export function createEvents({ redisUrl, prefix = 'tributary:', log }: EventsOptions): Events {
  return redisUrl === undefined ? createMemoryEvents({ log }) : createRedisEvents({ url: redisUrl, prefix, log });
}
