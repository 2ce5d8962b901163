import { describe, expect, it } from '@jest/globals';
import { boundOf, LATENCY_BUCKETS, quantile } from '../../../registry/live/latency.ts';

/** All in one bucket. */
const all = (index: number, count = 100) => Array.from({ length: index + 1 }, (_, at) => (at === index ? count : 0));

describe('latencies by bucket', () => {
  it('have bounds that double with every other one, from 0.1 ms', () => {
    expect([0, 2, 4, 20].map(boundOf)).toEqual([0.1, 0.2, 0.4, 102.4]);
    expect(boundOf(LATENCY_BUCKETS - 1)).toBeGreaterThan(140_000);
  });

  it('give a quantile within its bucket, in proportion', () => {
    expect(quantile(all(0), 0.5)).toBeCloseTo(0.05);
    expect(quantile(all(4), 1)).toBeCloseTo(0.4);
    const half = (boundOf(3) + boundOf(4)) / 2;
    expect(quantile(all(4), 0.5)).toBeCloseTo(half);
    expect(quantile([90, 0, 0, 0, 10], 0.99)).toBeCloseTo(boundOf(3) + (boundOf(4) - boundOf(3)) * 0.9);
  });

  it('give the lower bound of the last bucket, which has no upper one, and nothing for nothing', () => {
    expect(quantile(all(LATENCY_BUCKETS - 1), 0.5)).toBe(boundOf(LATENCY_BUCKETS - 2));
    expect(quantile([], 0.5)).toBeNull();
    expect(quantile([0, 0], 0.99)).toBeNull();
  });
});
