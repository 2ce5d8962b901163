import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openPlannerPair } from '../../planning/planner-pair.ts';
import { createPlannerPairs, type PlannerPairs } from '../../planning/planner-pairs.ts';
import { largeGraph } from '../support/large-graph.ts';
import { PLANNING } from '../support/planning-options.ts';
import { composeOrThrow } from '../support/test-gateway.ts';

const SDL = composeOrThrow(largeGraph(12));

describe('pairs of planners', () => {
  let pairs: PlannerPairs;
  beforeEach(() => {
    pairs = createPlannerPairs({ ...PLANNING, most: 1 });
  });
  afterEach(() => pairs.close());

  it('are open a few at a time: the next begins when one is closed', async () => {
    let started = 0;
    const counted = createPlannerPairs({ ...PLANNING, most: 1 }, (...from) => {
      started++;
      return openPlannerPair(...from);
    });
    const [one, other] = [counted.open(SDL), counted.open(SDL)];
    const waiting = other.read(SDL);
    await one.read(SDL);
    expect(started).toBe(1);
    await one.close();
    await waiting;
    expect(started).toBe(2);
    await counted.close();
  });

  it('leave their place when the system has no thread for them', async () => {
    let started = 0;
    const failing = createPlannerPairs({ ...PLANNING, most: 1 }, (...from) => {
      if (started++ < 2) throw new Error('no more threads');
      return openPlannerPair(...from);
    });
    const [one, other, last] = [failing.open(SDL), failing.open(SDL), failing.open(SDL)];
    await expect(one.read(SDL)).rejects.toThrow('no more threads');
    await expect(other.read(SDL)).rejects.toThrow('no more threads');
    expect((await last.read(SDL)).second.required.all).toContain('__typename');
    await failing.close();
  });

  it('leave their place when they are closed before they had one, or twice', async () => {
    const [one, waiting, last] = [pairs.open(SDL), pairs.open(SDL), pairs.open(SDL)];
    const refused = expect(waiting.read(SDL)).rejects.toMatchObject({ fault: 'closed' });
    await waiting.close();
    await refused;
    await one.close();
    await one.close();
    expect((await last.read(SDL)).first.required.all).toContain('__typename');
  });

  it('are refused when all is closed, also those that come later', async () => {
    const [open, waiting] = [pairs.open(SDL), pairs.open(SDL)];
    const works = Promise.allSettled([open.read(SDL), waiting.read(SDL)]);
    await pairs.close();
    for (const outcome of [...(await works), ...(await Promise.allSettled([pairs.open(SDL).read(SDL)]))])
      expect(outcome).toMatchObject({ status: 'rejected', reason: { fault: 'closed' } });
  });
});
