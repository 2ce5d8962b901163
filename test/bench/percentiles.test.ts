import { describe, expect, it } from '@jest/globals';
import { medianOf, percentilesOf } from './percentiles.ts';

describe('percentiles', () => {
  it('are values that occurred, by nearest rank, in any order', () => {
    const values = Array.from({ length: 200 }, (_, index) => 200 - index);
    expect(percentilesOf(values)).toEqual({ count: 200, p50: 100, p90: 180, p99: 198, max: 200 });
  });

  it('of one value are that value, of nothing 0', () => {
    expect(percentilesOf([7])).toEqual({ count: 1, p50: 7, p90: 7, p99: 7, max: 7 });
    expect(percentilesOf([])).toEqual({ count: 0, p50: 0, p90: 0, p99: 0, max: 0 });
  });

  it('sort by number, not by text', () => {
    expect(medianOf([100, 9, 20])).toBe(20);
  });
});
