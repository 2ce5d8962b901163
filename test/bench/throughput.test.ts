import { describe, expect, it } from '@jest/globals';
import { warmUp } from './throughput.ts';

/** How many seconds a gateway is warmed whose seconds bring so many requests. */
async function secondsOf(rates: (second: number) => number): Promise<number> {
  let seconds = 0;
  await warmUp(async () => rates(seconds++));
  return seconds;
}

describe('warmUp', () => {
  it('goes on for as long as a gateway becomes faster, and three seconds more', async () => {
    expect(await secondsOf((second) => Math.min(1_000 * (second + 1), 5_000))).toBe(8);
  });

  it('takes a slow second for no end', async () => {
    expect(await secondsOf((second) => [1_000, 2_000, 500, 400, 4_000, 4_100, 4_150, 4_100][second] ?? 0)).toBe(8);
  });

  it('ends when nothing is answered', async () => {
    expect(await secondsOf(() => 0)).toBe(3);
  });

  it('ends where a gateway never stops becoming faster', async () => {
    expect(await secondsOf((second) => 2 ** second)).toBe(15);
  });
});
