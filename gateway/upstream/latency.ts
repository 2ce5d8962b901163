/** How long an address takes, as it is now: an average in which what is past counts less and less. */
export interface Latency {
  /** @param ms that a call took */
  note(ms: number): void;
  /** In milliseconds. What was not asked for long is taken to be better than it was, so that it is tried again. */
  expected(): number;
}

/** In this time a measurement loses two thirds of its weight, in milliseconds. */
const TAU_MS = 3_000;
/** What is slower counts at once, by this part: one pause does not make a slow address of a quick one. */
const RISE = 0.3;

/**
 * An exponentially weighted moving average over time that takes up what is slower sooner than what is faster.
 *
 * @param now in milliseconds, of a clock that only goes forward
 */
export function createLatency(now: () => number = () => performance.now()): Latency {
  let average = 0;
  let at = now();
  const decayed = (until: number) => average * Math.exp((at - until) / TAU_MS);
  return {
    note: (ms) => {
      const time = now();
      const kept = Math.exp((at - time) / TAU_MS);
      const expected = average * kept;
      average = expected + (ms - expected) * (ms > expected ? Math.max(RISE, 1 - kept) : 1 - kept);
      at = time;
    },
    expected: () => decayed(now()),
  };
}
