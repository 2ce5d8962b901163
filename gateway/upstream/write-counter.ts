/** What has happened in this process that work under way may not have seen: what began before it is not shared after it. */
export interface WriteCounter {
  /** How many mutations have ended (read your writes). */
  readonly epoch: () => number;
  readonly count: () => void;
  /**
   * Raised with it, and by purges of the cache. Who asks after a purge takes what comes for newer than the purge, and may keep it
   * as such: it must not be the answer to a call that began before.
   */
  readonly sharingEpoch: () => number;
  readonly countPurge: () => void;
}

/** Starts at none. */
export function createWriteCounter(): WriteCounter {
  let ended = 0;
  let purged = 0;
  return {
    epoch: () => ended,
    count: () => void ended++,
    sharingEpoch: () => ended + purged,
    countPurge: () => void purged++,
  };
}
