/** How many mutations have ended in this process: what began before one of them is not shared after it (read your writes). */
export interface WriteCounter {
  readonly epoch: () => number;
  readonly count: () => void;
}

/** Starts at none. */
export function createWriteCounter(): WriteCounter {
  let ended = 0;
  return { epoch: () => ended, count: () => void ended++ };
}
