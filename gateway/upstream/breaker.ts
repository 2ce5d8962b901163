import type { Call } from './request-text.ts';
import type { Reply } from './response-reader.ts';
import type { AnyCall, AnyReply, Send } from './send.ts';
import { isAddressFault, isUnavailable, UpstreamError } from './upstream-error.ts';

export interface BreakerOptions {
  /** Of the destination, for messages. */
  readonly name: string;
  /** After so many failures, one after the other, nothing is sent for a while. */
  readonly failures: number;
  /** For how long at first, in milliseconds; twice as long each time that it fails again. */
  readonly openMs: number;
  readonly maxOpenMs: number;
  readonly now?: () => number;
}

export type BreakerState = 'closed' | 'open' | 'half-open';

/** What stands before one address. */
export interface Breaker<C extends AnyCall = Call, R extends AnyReply = Reply> {
  readonly send: Send<C, R>;
  state(): BreakerState;
  /** Whether it would refuse a call now. */
  isRefusing(): boolean;
}

/**
 * Stops asking an address that does nothing but fail: whoever calls knows at once instead of at the end of their time, and the server can come
 * back. When its time is up one call goes through (half-open); it decides (Nygard, "Release It!", circuit breaker).
 */
export function breaker<C extends AnyCall = Call, R extends AnyReply = Reply>(
  next: Send<C, R>,
  options: BreakerOptions,
): Breaker<C, R> {
  const { name, failures, openMs, maxOpenMs, now = () => performance.now() } = options;
  let failed = 0;
  let pauseMs = openMs;
  /** Until when nothing is sent; nothing while it is closed. */
  let openUntil: number | undefined;
  let isProbing = false;
  /** Until when one call decides alone: it may take for ever, for a reason of its own. */
  let probeUntil = 0;

  const isRefusing = () => openUntil !== undefined && now() < (isProbing ? probeUntil : openUntil);

  function succeed(): void {
    failed = 0;
    if (openUntil === undefined) return;
    openUntil = undefined;
    pauseMs = openMs;
  }

  function fail(wasProbe: boolean): void {
    failed++;
    if (wasProbe) pauseMs = Math.min(pauseMs * 2, maxOpenMs);
    else if (openUntil !== undefined || failed < failures) return;
    openUntil = now() + pauseMs;
  }

  function settle(isFailure: boolean, wasProbe: boolean): void {
    if (wasProbe) isProbing = false;
    if (isFailure) fail(wasProbe);
    else succeed();
  }

  return {
    state: () => (openUntil === undefined ? 'closed' : isProbing || now() >= openUntil ? 'half-open' : 'open'),
    isRefusing,
    send: (call) => {
      if (isRefusing()) {
        const message = `${name} has failed ${failed} times, and is not asked again for a while`;
        return Promise.reject(new UpstreamError('circuit open', message, { wasSent: false }));
      }
      const isProbe = openUntil !== undefined;
      isProbing = isProbe;
      if (isProbe) probeUntil = now() + pauseMs;
      return next(call).then(
        (reply) => {
          settle(isUnavailable(reply.status), isProbe);
          return reply;
        },
        (error: unknown) => {
          if (isAddressFault(error)) settle(true, isProbe);
          // Whoever left says nothing of it.
          else if (isProbe) isProbing = false;
          throw error;
        },
      );
    },
  };
}
