import { describe, expect, it } from '@jest/globals';
import { judge } from './judge.ts';
import { createReadings } from './readings.ts';
import { TRAFFIC_TARGETS } from './traffic-targets.ts';

const verdictOf = (
  load: string,
  gateway: string,
  ...rounds: readonly Parameters<ReturnType<typeof createReadings>['add']>[2][]
) => {
  const readings = createReadings();
  for (const values of rounds) readings.add(load, gateway, values);
  return judge(TRAFFIC_TARGETS, readings).filter(({ value }) => value !== undefined)[0]?.verdict;
};

describe('the targets of traffic', () => {
  it('miss a gigabyte that is held rather than passed on', () => {
    const passed = (most: number) =>
      verdictOf('proxy 1 GB up', 'tributary', { 'RSS MB before': 300, 'RSS MB most': most });
    expect([passed(364), passed(365)]).toEqual(['goal', 'MISSED']);
  });

  it('miss a p99 that is more than twice that with two quick replicas', () => {
    const slow = (p99: number) =>
      verdictOf('one of two replicas is slow', 'tributary least-loaded', { 'quiet p99 ms': 6, 'beside p99 ms': p99 });
    expect([slow(12), slow(12.1)]).toEqual(['goal', 'MISSED']);
  });

  it('miss policies that take more than a twentieth of what goes through without them', () => {
    const left = (share: number) => {
      const readings = createReadings();
      readings.add('w2 policies', 'tributary bare', { 'req/s': 1_000 });
      readings.add('w2 policies', 'tributary governed', { 'req/s': 1_000 * share });
      return judge(TRAFFIC_TARGETS, readings).find(({ value }) => value !== undefined)?.verdict;
    };
    expect([left(0.95), left(0.94)]).toEqual(['goal', 'MISSED']);
  });
});
