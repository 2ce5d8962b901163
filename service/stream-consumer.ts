import { setTimeout as pause } from 'node:timers/promises';
import type { DomainEvent, Subscription } from './events.ts';
import type { Log } from './logs.ts';
import { readEvent, type StreamEntry } from './stream-entry.ts';
import { type PendingEntry, RedisUnreachable, type StreamGroup } from './stream-group.ts';

/** When an event comes again, and how often. Times in milliseconds. */
export interface Redelivery {
  /** How long after it failed for the first time; twice as long after each further time. */
  readonly retryAfterMs: number;
  /** The longest such wait. */
  readonly retryAtMostMs: number;
  /** How long another consumer may say nothing about an event before this one takes it over. Longer than any handling takes. */
  readonly abandonedAfterMs: number;
  /** After so many deliveries an event is put aside. */
  readonly maxDeliveries: number;
}

export interface StreamConsumerOptions extends Redelivery {
  readonly group: StreamGroup;
  /** The name under which `group` reads. */
  readonly consumer: string;
  readonly subscription: Subscription;
  readonly log: Log;
  /** Aborted when it is to stop: ends waiting, not the event in hand. */
  readonly stopping: AbortSignal;
}

/**
 * Reads events and has them dealt with, one at a time, until `stopping`. What fails stays pending and comes again, as does
 * what a dead member left behind. Errors of Redis never end it: it joins again and goes on.
 *
 * @returns resolves when it has stopped, with no event in hand
 */
export async function consumeStream(options: StreamConsumerOptions): Promise<void> {
  const { group, stopping, log, retryAfterMs, abandonedAfterMs } = options;
  let isFailing = false;
  let nextPending = 0;
  let nextSilent = 0;

  async function consume(): Promise<void> {
    await group.join();
    while (!stopping.aborted) {
      if (Date.now() >= nextPending) {
        nextPending = Date.now() + retryAfterMs;
        await dealWithPending(options);
      }
      if (Date.now() >= nextSilent) {
        nextSilent = Date.now() + abandonedAfterMs;
        await group.removeSilent(abandonedAfterMs);
      }
      if (stopping.aborted) return;
      const entry = await group.read(Math.max(nextPending - Date.now(), 1));
      isFailing = false;
      if (entry !== undefined) await deal(options, entry, 1);
    }
  }

  while (!stopping.aborted) {
    try {
      await consume();
    } catch (error) {
      if (stopping.aborted) return;
      // Whoever has the connection tells of outages, and the group is gone when Redis came back without its data: joining
      // makes it anew.
      if (!isFailing && !(error instanceof RedisUnreachable) && !String(error).includes('NOGROUP')) {
        log.warn({ err: error }, 'cannot read events; trying again');
        isFailing = true;
      }
      await pause(retryAfterMs, undefined, { signal: stopping }).catch(() => undefined);
    }
  }
}

/** XAUTOCLAIM knows one idle time for all entries; what failed waits longer each time, so it is looked at one by one. */
async function dealWithPending(options: StreamConsumerOptions): Promise<void> {
  for await (const found of options.group.pending(options.retryAfterMs)) {
    if (options.stopping.aborted) return;
    if (found.idleMs < waitFor(found, options)) continue;
    const entry = await options.group.claim(found);
    if (entry === undefined) continue;
    // It may be the event itself that ends every process that takes it in hand.
    if (found.deliveries >= options.maxDeliveries) await bury(options, entry, 'nobody who had it in hand came back');
    else await deal(options, entry, found.deliveries + 1);
  }
}

/** Its own entries this consumer knows not to be in hand; those of others may be. */
function waitFor({ consumer, deliveries }: PendingEntry, options: StreamConsumerOptions): number {
  const backoff = Math.min(options.retryAfterMs * 2 ** (deliveries - 1), options.retryAtMostMs);
  return consumer === options.consumer ? backoff : Math.max(backoff, options.abandonedAfterMs);
}

async function deal(options: StreamConsumerOptions, entry: StreamEntry, delivery: number): Promise<void> {
  const { group, subscription, log, maxDeliveries } = options;
  let event: DomainEvent;
  try {
    event = readEvent(entry.fields);
  } catch (error) {
    return bury(options, entry, `not an event: ${String(error)}`);
  }
  if (subscription.types.includes(event.type)) {
    try {
      await subscription.handle(event);
    } catch (error) {
      if (delivery >= maxDeliveries) return bury(options, entry, `failed ${delivery} times; at last: ${String(error)}`);
      log.warn({ err: error, event: event.id, type: event.type, delivery }, 'an event failed; it comes again');
      return;
    }
  }
  await group.acknowledge(entry.id);
}

async function bury({ group, log }: StreamConsumerOptions, entry: StreamEntry, reason: string): Promise<void> {
  log.error({ entry: entry.id, reason }, 'gave up on an event and put it aside');
  await group.bury(entry, reason);
}
