/** What is not looked for, for a while, because nothing of its kind was ever kept: a look at the store costs a trip. */
export interface Skips<Kind extends object> {
  has(kind: Kind): boolean;
  /**
   * Takes note of an answer. Once one of a kind may be kept, the kind is looked for for good: what comes now and then without a
   * lifetime takes nothing from what has one. So nobody notes what only failed.
   */
  note(kind: Kind, mayBeKept: boolean): void;
}

const SKIPPED_MS = 5_000;

/** @param now epoch milliseconds */
export function createSkips<Kind extends object>(now: () => number): Skips<Kind> {
  /** Until when; 0 for what is always looked for. */
  const skipped = new WeakMap<Kind, number>();
  return {
    has: (kind) => (skipped.get(kind) ?? 0) > now(),
    note: (kind, mayBeKept) => {
      if (mayBeKept) skipped.set(kind, 0);
      else if (skipped.get(kind) !== 0) skipped.set(kind, now() + SKIPPED_MS);
    },
  };
}
