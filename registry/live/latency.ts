/** Latencies as counts by bucket: the bounds grow by half a power of two, so that any quantile is right within a fifth. */

/** How many buckets there are; the last has all that is above. */
export const LATENCY_BUCKETS = 42;

const FIRST_MS = 0.1;

/** The upper bound of bucket `index`, in milliseconds: 0.1, 0.14, 0.2, …, 148 272 (`0.1 * 2 ** (index / 2)`). */
export function boundOf(index: number): number {
  return FIRST_MS * 2 ** (index / 2);
}

/**
 * The latency below which a part of the requests was, in milliseconds: within its bucket in proportion, as Prometheus does it
 * (`histogram_quantile`), and the lower bound of the last, which has no upper one.
 *
 * @param part 0.5 for the median
 * @returns null where nothing was counted
 */
export function quantile(counts: ArrayLike<number>, part: number): number | null {
  let total = 0;
  for (let index = 0; index < counts.length; index++) total += counts[index] ?? 0;
  if (total <= 0) return null;
  const rank = part * total;
  let below = 0;
  for (let index = 0; index < counts.length; index++) {
    const count = counts[index] ?? 0;
    if (count > 0 && below + count >= rank) {
      const lower = index === 0 ? 0 : boundOf(index - 1);
      return index === LATENCY_BUCKETS - 1 ? lower : lower + (boundOf(index) - lower) * ((rank - below) / count);
    }
    below += count;
  }
  return boundOf(LATENCY_BUCKETS - 2);
}
