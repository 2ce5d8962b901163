export interface StandingOptions {
  /** After so many failures, one after the other, an address is left out. */
  readonly failures: number;
  /** Also when this share of its calls failed within the window, from 0 to 1, … */
  readonly errorShare: number;
  /** … if they were so many at least. */
  readonly minCalls: number;
  readonly windowMs: number;
  /** For how long, in milliseconds; as often as it was left out lately. */
  readonly ejectMs: number;
  readonly maxEjectMs: number;
  /** So long it takes until an address that comes back gets its whole share, in milliseconds. */
  readonly returnMs: number;
  /** Whether it comes to others that are called already: then it begins as one that comes back. */
  readonly isNewcomer?: boolean;
  readonly now?: () => number;
}

/** How an address has done lately: whether it takes part, and how much. */
export interface Standing {
  /** What came of a call. */
  note(isFailure: boolean): void;
  /** What a check of its health found. */
  setHealthy(isHealthy: boolean): void;
  /** 0 when it is left out, 1 when it takes its whole part; in between for who has come back. */
  weight(): number;
}

/** Who has just come back begins with this part. */
const LEAST_WEIGHT = 0.1;

/** Makes that of one address, which takes part in full unless it is a newcomer. */
export function createStanding(options: StandingOptions): Standing {
  const { failures, errorShare, minCalls, windowMs, ejectMs, maxEjectMs, returnMs } = options;
  const { now = () => performance.now() } = options;
  let inARow = 0;
  let calls = 0;
  let failed = 0;
  let windowEnd = 0;
  let ejections = 0;
  let outUntil = Number.NEGATIVE_INFINITY;
  let isHealthy = true;
  let backSince = options.isNewcomer === true ? now() : Number.NEGATIVE_INFINITY;

  function eject(at: number): void {
    ejections++;
    outUntil = at + Math.min(maxEjectMs, ejectMs * ejections);
    backSince = outUntil;
    inARow = 0;
    calls = 0;
    failed = 0;
  }

  return {
    note: (isFailure) => {
      const at = now();
      if (at >= windowEnd) {
        // A whole window without being left out makes good for one time.
        if (ejections > 0 && at - outUntil > windowMs) ejections--;
        windowEnd = at + windowMs;
        calls = 0;
        failed = 0;
      }
      calls++;
      inARow = isFailure ? inARow + 1 : 0;
      if (!isFailure) return;
      failed++;
      const isOut = at < outUntil;
      if (!isOut && (inARow >= failures || (calls >= minCalls && failed >= errorShare * calls))) eject(at);
    },
    setHealthy: (isFound) => {
      if (isFound && !isHealthy) backSince = Math.max(backSince, now());
      isHealthy = isFound;
    },
    weight: () => {
      if (!isHealthy) return 0;
      if (backSince === Number.NEGATIVE_INFINITY) return 1;
      const at = now();
      if (at < outUntil) return 0;
      return Math.min(1, Math.max(LEAST_WEIGHT, (at - backSince) / returnMs));
    },
  };
}
