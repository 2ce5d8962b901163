import { channel } from 'node:diagnostics_channel';
import type { StoreFault } from './store.ts';

/** What is published on `storeEvents`. */
export type StoreEvent =
  | {
      readonly kind: 'call';
      /** What was asked for: `read`, `write`, … */
      readonly call: StoreCall;
      readonly durationMs: number;
      /** Why it failed, if it did. */
      readonly fault?: StoreFault;
      readonly error?: unknown;
    }
  | { readonly kind: 'connection'; readonly role: StoreRole; readonly isUp: boolean; readonly error?: unknown }
  /** `open`: nothing is sent for a while. `closed`: all is well again. */
  | { readonly kind: 'breaker'; readonly role: StoreRole; readonly state: 'open' | 'closed' };

/** What is kept there. */
export type StoreRole = 'cache' | 'quotas';

export type StoreCall =
  | 'read'
  | 'write'
  | 'remove'
  | 'lease'
  | 'release'
  | 'purge'
  | 'publish'
  | 'since'
  | 'table'
  | 'subscribe'
  | 'charge'
  | 'correct';

/** For those who count and log; see `telemetry/`. */
export const storeEvents = channel('gateway:store');

/** Publishes when anybody listens. */
export function publishStoreEvent(event: StoreEvent): void {
  if (storeEvents.hasSubscribers) storeEvents.publish(event);
}
