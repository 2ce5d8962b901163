import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Log } from '../../service/logs.ts';
import type { Running } from '../../service/run.ts';
import { createQuiet } from './quiet.ts';

/** Where `store/` publishes; what is read here of what it does. */
const CHANNEL = 'gateway:store';

type Published =
  | { readonly kind: 'connection'; readonly isUp: boolean; readonly error?: unknown }
  | { readonly kind: 'breaker'; readonly state: 'open' | 'closed' }
  | { readonly kind: 'call'; readonly call: string; readonly fault?: string; readonly error?: unknown };

export interface StoreLogOptions {
  readonly log: Log;
  /** How long refusals of one kind are counted instead of written, in milliseconds. */
  readonly quietMs?: number;
  readonly now?: () => number;
}

/**
 * Says when the store is lost and when it is back, once each, and now and then what it refuses: a right that is missing, or memory. Each
 * request would have something to say otherwise.
 */
export function startStoreLog({ log, quietMs = 10_000, now = Date.now }: StoreLogOptions): Running {
  const quiet = createQuiet({ quietMs, now });
  let isLost = false;

  function writeRefusal(call: string, error: unknown): void {
    const told = quiet(call);
    if (told === undefined) return;
    log.warn(
      { call, err: error, ...(told.since === 0 ? {} : told) },
      'Redis refuses something: answers go on without it',
    );
  }

  const write = (published: unknown) => {
    const event = published as Published;
    if (event.kind === 'call') {
      if (event.fault === 'refused') writeRefusal(event.call, event.error);
      return;
    }
    const isUp = event.kind === 'connection' ? event.isUp : event.state === 'closed';
    if (isUp === !isLost) return;
    isLost = !isUp;
    if (isUp) log.info('Redis is there again: what is kept is given again');
    else
      log.warn(
        { err: event.kind === 'connection' ? event.error : undefined },
        'Redis is away or slow: everything is fetched until it is back',
      );
  };

  subscribe(CHANNEL, write);
  return { close: async () => void unsubscribe(CHANNEL, write) };
}
