import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Log } from '../../service/logs.ts';
import type { Running } from '../../service/run.ts';
import { createQuiet } from './quiet.ts';

/** Where `store/` publishes; what is read here of what it does. */
const CHANNEL = 'gateway:store';

type Published =
  | { readonly kind: 'connection'; readonly role: Role; readonly isUp: boolean; readonly error?: unknown }
  | { readonly kind: 'breaker'; readonly role: Role; readonly state: 'open' | 'closed' }
  | { readonly kind: 'call'; readonly call: string; readonly fault?: string; readonly error?: unknown };

type Role = keyof typeof LINES;

/** What to say of each that is kept there. */
const LINES = {
  cache: {
    lost: 'Redis is away or slow: everything is fetched until it is back',
    found: 'Redis is there again: what is kept is given again',
  },
  quotas: {
    lost: 'Redis is away or slow: rate limits go by what `onStoreFailure` says until it is back',
    found: 'Redis is there again: gateways share their rate limits again',
  },
} as const;

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
  const lost = new Set<Role>();

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
    const { role } = event;
    const isUp = event.kind === 'connection' ? event.isUp : event.state === 'closed';
    if (isUp === !lost.has(role)) return;
    if (isUp) {
      lost.delete(role);
      log.info(LINES[role].found);
    } else {
      lost.add(role);
      log.warn({ err: event.kind === 'connection' ? event.error : undefined }, LINES[role].lost);
    }
  };

  subscribe(CHANNEL, write);
  return { close: async () => void unsubscribe(CHANNEL, write) };
}
