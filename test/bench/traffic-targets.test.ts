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
});
