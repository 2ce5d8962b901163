/** Milliseconds with microseconds, as people read them. */
export function toMs(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}
