import { beforeEach, describe, expect, it } from '@jest/globals';
import { charge, createWorld, grantedOf, HOUR_S, isGranted, PAUSE_MS, SLICE_MS, type World } from './world.ts';

let world: World;
beforeEach(() => {
  world = createWorld();
});

describe('with slices', () => {
  const HOURLY = { all: { limit: 10_000, windowS: HOUR_S } };

  it('takes none for a client that asks seldom', async () => {
    const limiter = world.open(HOURLY);
    for (let count = 0; count < 50; count++) {
      await charge(limiter);
      world.now += PAUSE_MS;
    }
    expect(world.calls.charge).toBe(50);
    expect((await charge(limiter))?.headers.ratelimit).toMatch(/r=9949/);
  });

  it('takes a two-hundredth ahead for a busy one, and spends it without a call', async () => {
    const limiter = world.open(HOURLY);
    expect(await grantedOf(1_022, limiter)).toBe(1_022);
    // One alone, then each with fifty to follow.
    expect(world.calls.charge).toBe(1 + Math.ceil(1_021 / 51));
  });

  it('takes it again as soon as its time is over, for a client that has not paused', async () => {
    const limiter = world.open(HOURLY);
    await grantedOf(2, limiter);
    const before = world.calls.charge;
    for (let count = 0; count < 200; count++) {
      world.now += PAUSE_MS / 2;
      await charge(limiter);
    }
    // Each lasts for a tenth of the window: twenty requests.
    expect(world.calls.charge - before).toBe(10);
  });

  it('grants no more and hardly less than the limit to those who share it', async () => {
    const limiters = [world.open(HOURLY), world.open(HOURLY)];
    let granted = 0;
    for (let count = 0; count < 30_000; count++) {
      world.now += 1;
      if (await isGranted(limiters[count % 7 === 0 ? 0 : 1])) granted++;
    }
    expect(granted).toBeLessThanOrEqual(10_000);
    expect(granted).toBeGreaterThanOrEqual(9_900);
    expect(world.calls.charge).toBeLessThan(700);
  });

  it('does so too when they ask at once', async () => {
    const limiters = [world.open(HOURLY), world.open(HOURLY), world.open(HOURLY)];
    const asking = Array.from({ length: 12_000 }, (_, index) => isGranted(limiters[index % 3]));
    const granted = (await Promise.all(asking)).filter((is) => is).length;
    expect(granted).toBeLessThanOrEqual(10_000);
    expect(granted).toBeGreaterThanOrEqual(9_850);
  });

  it('gives back what is left of one when its time is over', async () => {
    const [first, second] = [world.open(HOURLY), world.open(HOURLY)];
    await grantedOf(10, first);
    world.now += SLICE_MS;
    await grantedOf(1, first);
    await world.corrections.close();
    expect(await grantedOf(10_000, second)).toBe(10_000 - 11);
  });

  it('spends none of one whose time is over', async () => {
    const limiter = world.open(HOURLY);
    await grantedOf(10, limiter);
    const before = world.calls.charge;
    world.now += SLICE_MS;
    await charge(limiter);
    expect(world.calls.charge).toBe(before + 1);
  });

  it('gives back what was taken of one rule when another refuses', async () => {
    const limiter = world.open({ ...HOURLY, narrow: { limit: 100, windowS: HOUR_S } });
    expect(await grantedOf(200, limiter)).toBe(100);
    world.now += SLICE_MS;
    const wide = world.open(HOURLY);
    await isGranted(limiter);
    await world.corrections.close();
    expect(await grantedOf(10_000, wide)).toBe(9_900);
  });

  it('spends cost points of them, and charges what they do not have', async () => {
    const limiter = world.open({ points: { limit: 10_000, windowS: HOUR_S, unit: 'cost' } });
    for (let count = 0; count < 100; count++) await charge(limiter, { cost: 7 });
    expect(world.calls.charge).toBeLessThan(20);
    expect((await charge(limiter, { cost: 7 }))?.headers.ratelimit).toMatch(/^"points";r=9293;/);
  });
});

describe('when the real cost is known', () => {
  const POINTS = {
    points: { limit: 1_000, windowS: HOUR_S, unit: 'cost' },
    requests: { limit: 1_000, windowS: HOUR_S },
  };
  it('gives back what was too much, and charges what was too little', async () => {
    const limiter = world.open(POINTS);
    for (const [estimated, real] of [
      [400, 100],
      [10, 60],
      [10, 10],
    ] as const) {
      (await charge(limiter, { cost: estimated }))?.settle(real);
      world.now += PAUSE_MS;
    }
    await world.corrections.close();
    expect([await world.leftOf('points', 1_000), await world.leftOf('requests', 1_000)]).toEqual([830, 997]);
  });

  it('corrects what was spent of slices in them, and the rest in one call', async () => {
    const limiter = world.open({ points: { limit: 10_000, windowS: HOUR_S, unit: 'cost' } });
    for (let count = 0; count < 100; count++) (await charge(limiter, { cost: 5 }))?.settle(3);
    // Each slice of fifty lasts for sixteen that cost three.
    expect(world.calls.charge).toBeLessThanOrEqual(8);
    await world.corrections.close();
    expect(world.calls.correct).toBe(1);
    // The slice that is not spent yet is charged as well.
    const left = await world.leftOf('points', 10_000);
    expect(left).toBeLessThanOrEqual(9_700);
    expect(left).toBeGreaterThanOrEqual(9_650);
  });

  it('tells the store nothing of what its slice can pay, more or less', async () => {
    const limiter = world.open({ points: { limit: 10_000, windowS: HOUR_S, unit: 'cost' } });
    await grantedOf(2, limiter);
    for (const real of [1, 9, 5, 0, 10]) (await charge(limiter, { cost: 5 }))?.settle(real);
    await world.corrections.close();
    expect(world.calls.correct).toBe(0);
    expect((await charge(limiter, { cost: 5 }))?.headers.ratelimit).toMatch(/r=9968;/);
  });

  it('tells the store what came too late for its slice', async () => {
    const limiter = world.open({ points: { limit: 10_000, windowS: HOUR_S, unit: 'cost' } });
    await grantedOf(2, limiter);
    const late = await charge(limiter, { cost: 5 });
    world.now += SLICE_MS;
    late?.settle(1);
    await grantedOf(1, limiter);
    await world.corrections.close();
    // The slice itself, of which 45 were left, and these four.
    expect(await world.leftOf('points', 10_000)).toBe(10_000 - 1 - 1 - 1 - 1);
  });
});
