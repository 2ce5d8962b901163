import { beforeEach, describe, expect, it } from '@jest/globals';
import { type RateLimitEvent, rateLimitEvents } from '../../../../gateway/guard/rate-limit/rate-limit-events.ts';
import { charge, createWorld, grantedOf, HOUR_S, isGranted, refusal, type World } from './world.ts';

describe('a rate limiter', () => {
  let world: World;
  beforeEach(() => {
    world = createWorld();
  });

  it('has nothing to say of a request that no rule concerns', async () => {
    expect(await charge(world.open({ search: { limit: 1, windowS: 1, fields: ['Query.search'] } }))).toBeUndefined();
    expect(
      await charge(world.openSets({ all: { client: ['identity'], rules: { all: { limit: 1, windowS: 1 } } } })),
    ).toBeUndefined();
    expect(world.calls.charge).toBe(0);
  });

  it('takes the first set whose client is known', async () => {
    const limiter = world.openSets({
      users: { client: ['identity'], rules: { users: { limit: 5, windowS: 60 } } },
      others: { client: ['ip'], rules: { others: { limit: 1, windowS: 60 } } },
    });
    const identity = { kind: 'token', issuer: 'issuer', subject: 'ada' } as const;
    expect((await charge(limiter, { identity }))?.headers['ratelimit-policy']).toBe('"users";q=5;w=60');
    expect((await charge(limiter))?.headers['ratelimit-policy']).toBe('"others";q=1;w=60');
  });

  it('charges all rules in one call, and says what is left of each', async () => {
    const limiter = world.open({
      burst: { limit: 10, windowS: 1 },
      points: { limit: 1_000, windowS: HOUR_S, unit: 'cost' },
      search: { limit: 5, windowS: 60, fields: ['Query.search'] },
    });
    const charged = await charge(limiter, { cost: 30 }, '{ a: search b: search }');
    expect(charged?.headers).toEqual({
      'ratelimit-policy': '"burst";q=10;w=1, "points";q=1000;w=3600;qu="cost-points", "search";q=5;w=60',
      ratelimit: expect.stringMatching(/^"burst";r=9;t=\d+, "points";r=970;t=36\d\d, "search";r=3;t=6\d$/),
    });
    expect(world.calls.charge).toBe(1);
    expect((await charge(limiter, { cost: 0.5 }))?.headers.ratelimit).toMatch(
      /^"burst";r=8;t=\d+, "points";r=969;t=36\d\d$/,
    );
  });

  it('tells nothing in headers when it is told so', async () => {
    const limiter = world.openSets(
      { all: { client: ['ip'], rules: { all: { limit: 1, windowS: 60 } } } },
      { sendHeaders: false },
    );
    expect((await charge(limiter))?.headers).toEqual({});
    expect((await refusal(limiter)).headers).toEqual({ 'retry-after': '61' });
  });

  it('refuses with the rule that keeps it waiting for longest, and charges none', async () => {
    const limiter = world.open({
      burst: { limit: 2, windowS: 1 },
      hourly: { limit: 2, windowS: HOUR_S },
      wide: { limit: 10, windowS: HOUR_S },
    });
    expect(await grantedOf(2, limiter)).toBe(2);
    const { code, message, extensions, headers } = await refusal(limiter);
    expect({ code, message, extensions, headers }).toEqual({
      code: 'RATE_LIMITED',
      message: expect.stringMatching(
        /^The rate limit "hourly" allows 2 requests within 3600 s, and the next is free in 36\d\d s\.$/,
      ),
      extensions: { rule: 'hourly', limit: 2, windowS: HOUR_S, unit: 'requests', retryAfterS: expect.any(Number) },
      headers: {
        'retry-after': String(extensions.retryAfterS),
        'ratelimit-policy': expect.stringContaining('"burst"'),
        ratelimit: expect.stringMatching(/^"burst";r=0;t=2, "hourly";r=0;t=36\d\d$/),
      },
    });
    world.now += 1_100;
    await refusal(limiter);
    expect(await world.leftOf('wide', 10)).toBe(8);
  });

  it('grants again when it has said', async () => {
    const limiter = world.open({ all: { limit: 1, windowS: 60 } });
    await charge(limiter);
    const { retryAfterS } = (await refusal(limiter)).extensions as { retryAfterS: number };
    world.now += 1_000 * retryAfterS;
    expect(await isGranted(limiter)).toBe(true);
  });

  it('asks the store no more for what it has refused, for a second', async () => {
    const limiter = world.open({ points: { limit: 100, windowS: HOUR_S, unit: 'cost' } });
    await charge(limiter, { cost: 95 });
    expect(await grantedOf(100, limiter, { cost: 10 })).toBe(0);
    expect(world.calls.charge).toBe(2);
    // Less than that there is.
    expect(await isGranted(limiter, { cost: 3 })).toBe(true);
    expect(await grantedOf(100, limiter, { cost: 3 })).toBe(0);
    expect(world.calls.charge).toBe(3);
    world.now += 1_000;
    expect(await grantedOf(100, limiter, { cost: 3 })).toBe(0);
    expect(world.calls.charge).toBe(4);
  });

  it('says that what costs more than the whole can never be had, without a call', async () => {
    const limiter = world.open({ points: { limit: 100, windowS: 60, unit: 'cost' } });
    const { message, headers, extensions } = await refusal(limiter, { cost: 101 });
    expect(message).toBe(
      'The rate limit "points" allows 100 cost points within 60 s, and this operation costs 101: ask for less at once.',
    );
    expect(headers).toEqual({ 'ratelimit-policy': '"points";q=100;w=60;qu="cost-points"' });
    expect(extensions).toEqual({ rule: 'points', limit: 100, windowS: 60, unit: 'cost', cost: 101 });
    const endless = await refusal(limiter, { cost: Number.POSITIVE_INFINITY });
    expect(endless.message).toContain('and this operation costs more than can be counted: ask for less at once.');
    expect(endless.extensions).toEqual({ rule: 'points', limit: 100, windowS: 60, unit: 'cost' });
    expect(world.calls.charge).toBe(0);
  });

  it('tells what it does', async () => {
    const told: RateLimitEvent[] = [];
    const listen = (event: unknown) => void told.push(event as RateLimitEvent);
    rateLimitEvents.subscribe(listen);
    const limiter = world.open({ all: { limit: 200, windowS: HOUR_S } });
    await grantedOf(3, limiter);
    await grantedOf(200, limiter);
    rateLimitEvents.unsubscribe(listen);
    expect(told.slice(0, 3)).toEqual([
      { kind: 'granted', set: 'all', by: 'store' },
      { kind: 'granted', set: 'all', by: 'store' },
      { kind: 'granted', set: 'all', by: 'slice' },
    ]);
    expect(told.slice(200, 202)).toEqual([
      { kind: 'refused', set: 'all', rule: 'all', by: 'charge' },
      { kind: 'refused', set: 'all', rule: 'all', by: 'memory' },
    ]);
  });
});
