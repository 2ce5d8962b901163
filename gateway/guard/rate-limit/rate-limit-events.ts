import { channel } from 'node:diagnostics_channel';
import type { RuleSetConfig } from '../../rate-limit-config.ts';

/** What is published on `rateLimitEvents`. */
export type RateLimitEvent =
  /** A request went through: by what was taken ahead, by a charge in the store, or by what the set says of a store that is away. */
  | { readonly kind: 'granted'; readonly set: string; readonly by: 'slice' | 'store' | RuleSetConfig['onStoreFailure'] }
  /** A request was refused: by what the store had said before, or by a charge. */
  | { readonly kind: 'refused'; readonly set: string; readonly rule: string; readonly by: 'memory' | 'charge' }
  /** One was refused because the store is away. */
  | { readonly kind: 'closed'; readonly set: string; readonly error: unknown }
  /** One was refused before anything of it was read. */
  | { readonly kind: 'address refused' }
  /** Corrections of charges were sent, or lost: then what was estimated stays charged. */
  | { readonly kind: 'corrected'; readonly count: number; readonly isLost: boolean };

/** For those who count; see `telemetry/`. */
export const rateLimitEvents = channel('gateway:rate-limit');

/** Publishes when anybody listens. On hot paths, ask for `rateLimitEvents.hasSubscribers` before making the event. */
export function publishRateLimitEvent(event: RateLimitEvent): void {
  if (rateLimitEvents.hasSubscribers) rateLimitEvents.publish(event);
}
