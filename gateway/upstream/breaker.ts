export interface BreakerOptions {
  /** After so many failures, one after the other, nothing is sent for a while. */
  readonly failures: number;
  /** For how long at first, in milliseconds; twice as long each time that it fails again. */
  readonly openMs: number;
  readonly maxOpenMs: number;
  readonly now?: () => number;
}

export type BreakerState = 'closed' | 'open' | 'half-open';

/** What a call came to, for its address. `no matter`: who asked has left, or would not wait. */
export type Outcome = 'success' | 'failure' | 'no matter';

/** What stands before one address. */
export interface Breaker {
  state(): BreakerState;
  /** Whether it would refuse a call now. */
  isRefusing(): boolean;
  /** For a call that it does not refuse: to be told what it came to. @returns whether the call decides for those after it */
  enter(): boolean;
  /** @param isProbe what `enter` said */
  leave(outcome: Outcome, isProbe: boolean): void;
  /** How many have failed in a row. */
  failed(): number;
}

/**
 * Stops asking an address that does nothing but fail: whoever calls knows at once instead of at the end of their time, and the server can come
 * back. When its time is up one call goes through (half-open); it decides (Nygard, "Release It!", circuit breaker).
 */
export function createBreaker(options: BreakerOptions): Breaker {
  const { failures, openMs, maxOpenMs, now = () => performance.now() } = options;
  let failed = 0;
  let pauseMs = openMs;
  /** Until when nothing is sent; nothing while it is closed. */
  let openUntil: number | undefined;
  let isProbing = false;
  /** Until when one call decides alone: it may take for ever, for a reason of its own. */
  let probeUntil = 0;

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

  return {
    state: () => (openUntil === undefined ? 'closed' : isProbing || now() >= openUntil ? 'half-open' : 'open'),
    isRefusing: () => openUntil !== undefined && now() < (isProbing ? probeUntil : openUntil),
    enter: () => {
      const isProbe = openUntil !== undefined;
      isProbing = isProbe;
      if (isProbe) probeUntil = now() + pauseMs;
      return isProbe;
    },
    leave: (outcome, isProbe) => {
      if (isProbe) isProbing = false;
      if (outcome === 'success') succeed();
      else if (outcome === 'failure') fail(isProbe);
    },
    failed: () => failed,
  };
}
