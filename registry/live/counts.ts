import { LATENCY_BUCKETS } from './latency.ts';

/** What was counted of some requests. Parts of a request occur where a report falls into two spans of time. */
export interface Counts {
  requests: number;
  errors: number;
  cached: number;
  readonly latency: Float32Array;
}

export function noCounts(): Counts {
  return { requests: 0, errors: 0, cached: 0, latency: new Float32Array(LATENCY_BUCKETS) };
}

/** Adds a part of what was counted. */
export function addCounts(
  to: Counts,
  of: Pick<Counts, 'requests' | 'errors' | 'cached'> & { readonly latency: ArrayLike<number> },
  part = 1,
): void {
  to.requests += of.requests * part;
  to.errors += of.errors * part;
  to.cached += of.cached * part;
  for (let index = 0; index < LATENCY_BUCKETS; index++)
    to.latency[index] = (to.latency[index] ?? 0) + (of.latency[index] ?? 0) * part;
}
