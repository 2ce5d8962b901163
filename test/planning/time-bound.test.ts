import { describe, expect, it } from '@jest/globals';
import { runWithin } from '../../planning/time-bound.ts';

describe('what is run within a time', () => {
  it('gives what it gives', () => {
    const value = { some: 'value' };
    expect(runWithin(10_000, () => value)).toBe(value);
  });

  it('throws what it throws', () => {
    const error = new TypeError('its own');
    const run = () => {
      throw error;
    };
    expect(() => runWithin(10_000, run)).toThrow(error);
  });

  it('is stopped when it does not end', () => {
    let rounds = 0;
    const run = () => {
      for (;;) rounds += 1;
    };
    expect(runWithin(20, run)).toBeUndefined();
    expect(rounds).toBeGreaterThan(0);
  });
});
