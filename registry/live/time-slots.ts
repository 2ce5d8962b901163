import { addCounts, type Counts, noCounts } from './counts.ts';

/** What was counted in spans of equal length, by key; what is older than the oldest that are kept is forgotten. */
export class TimeSlots {
  readonly #widthMs: number;
  readonly #kept: number;
  readonly #maxKeys: number;
  /** By number of the slot since 1970. */
  readonly #slots = new Map<number, Map<string, Counts>>();

  /** @param maxKeys most keys of one slot; what comes with further ones is counted under `overflowKey` */
  constructor({ widthMs, kept, maxKeys }: { widthMs: number; kept: number; maxKeys: number }) {
    this.#widthMs = widthMs;
    this.#kept = kept;
    this.#maxKeys = maxKeys;
  }

  /** Spreads what was counted from one time to another evenly over the slots that it falls into. Times are in milliseconds. */
  add(key: string, overflowKey: string, counts: Parameters<typeof addCounts>[1], from: number, to: number): void {
    this.#forget(to);
    const width = this.#widthMs;
    for (let number = Math.floor(from / width); number * width < to; number++) {
      const start = Math.max(from, number * width);
      const end = Math.min(to, (number + 1) * width);
      addCounts(this.#at(number, key, overflowKey), counts, (end - start) / (to - from));
    }
  }

  /** Of the slots that begin from one time until before another, with when they begin; one of which nothing is known is left out. */
  *between(from: number, to: number): Generator<{ readonly at: number; readonly byKey: ReadonlyMap<string, Counts> }> {
    const width = this.#widthMs;
    for (let number = Math.ceil(from / width); number * width < to; number++) {
      const byKey = this.#slots.get(number);
      if (byKey !== undefined) yield { at: number * width, byKey };
    }
  }

  #at(number: number, key: string, overflowKey: string): Counts {
    let slot = this.#slots.get(number);
    if (slot === undefined) {
      slot = new Map();
      this.#slots.set(number, slot);
    }
    const own = slot.has(key) || slot.size < this.#maxKeys ? key : overflowKey;
    let counts = slot.get(own);
    if (counts === undefined) {
      counts = noCounts();
      slot.set(own, counts);
    }
    return counts;
  }

  #forget(now: number): void {
    const oldest = Math.floor(now / this.#widthMs) - this.#kept;
    for (const number of this.#slots.keys()) if (number < oldest) this.#slots.delete(number);
  }
}
