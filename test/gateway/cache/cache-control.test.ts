import { describe, expect, it } from '@jest/globals';
import { type CachePolicy, mergePolicies, readCachePolicy } from '../../../gateway/cache/cache-control.ts';
import { toCacheControl } from '../../../gateway/cache/cache-control-header.ts';
import { readCacheWish } from '../../../gateway/cache/request-cache-control.ts';

const read = (cacheControl: string | string[] | undefined, age?: string | string[]) =>
  readCachePolicy({ 'cache-control': cacheControl, age });

describe("what a subgraph's headers say about keeping its answer", () => {
  it.each([
    ['max-age=60', 60_000, 'unsaid', false],
    ['max-age=60, public', 60_000, 'public', true],
    ['public,max-age=60', 60_000, 'public', true],
    ['MAX-AGE=60 , Public', 60_000, 'public', true],
    [', ,max-age="60",\tpublic,', 60_000, 'public', true],
    ['max-age=60, private', 60_000, 'private', false],
    ['max-age=60, private="set-cookie"', 60_000, 'private', false],
    ['max-age=60, public, private', 60_000, 'private', false],
    ['max-age=60, s-maxage=10', 10_000, 'unsaid', true],
    ['s-maxage=10', 10_000, 'unsaid', true],
    ['s-maxage=10, private', 10_000, 'private', false],
    ['max-age=60, foo, bar="a, no-store", baz=\'x\'', 60_000, 'unsaid', false],
    ['max-age=99999999999999999999', 2 ** 31 * 1_000, 'unsaid', false],
  ] as const)('reads %s', (header, maxAgeMs, scope, isShared) => {
    expect(read(header)).toMatchObject({ isStorable: true, maxAgeMs, scope, isShared, ageMs: 0 });
  });

  it.each([
    [undefined, 'no max-age'],
    ['', 'no max-age'],
    ['public', 'no max-age'],
    ['no-store', 'no-store'],
    ['max-age=60, No-Store', 'no-store'],
    ['no-cache, max-age=60', 'no-cache'],
    ['no-cache="x", max-age=60', 'no-cache'],
    ['max-age=0', 'expired'],
    ['max-age=60, s-maxage=0', 'expired'],
    ['max-age=60, max-age=60', 'malformed cache-control'],
    ['max-age', 'malformed cache-control'],
    ['max-age=', 'malformed cache-control'],
    ['max-age=-1', 'malformed cache-control'],
    ['max-age=1.5', 'malformed cache-control'],
    ['max-age=1e3', 'malformed cache-control'],
    ['max-age= 60', 'malformed cache-control'],
    ['max-age=60 s', 'malformed cache-control'],
    ['max-age=60; public', 'malformed cache-control'],
    ['max-age=60, s-maxage=x', 'malformed cache-control'],
    ['max-age=60, stale-if-error=soon', 'malformed cache-control'],
    ['max-age="60', 'malformed cache-control'],
    ['=60', 'malformed cache-control'],
    ['max-age=60, é', 'malformed cache-control'],
    [`max-age=60, ${'x'.repeat(5_000)}`, 'malformed cache-control'],
  ] as const)('does not store %s', (header, reason) => {
    expect(read(header)).toEqual({ isStorable: false, reason });
  });

  it('reads several lines as one list', () => {
    expect(read(['max-age=60', 'public'])).toMatchObject({ maxAgeMs: 60_000, isShared: true });
    expect(read(['max-age=60', 'max-age=1'])).toMatchObject({ reason: 'malformed cache-control' });
  });

  it('takes the age off, and stores nothing when it is nonsense or used up', () => {
    expect(read('max-age=60', '20')).toMatchObject({ maxAgeMs: 40_000, ageMs: 20_000 });
    expect(read('max-age=60', '60')).toEqual({ isStorable: false, reason: 'expired' });
    for (const age of ['', '-1', '1.5', '1, 2', 'x', ['1', '2']])
      expect(read('max-age=60', age)).toEqual({ isStorable: false, reason: 'malformed age' });
  });

  it('stores nothing that varies by everything', () => {
    const headers = { 'cache-control': 'max-age=60', vary: 'accept, *' };
    expect(readCachePolicy(headers)).toEqual({ isStorable: false, reason: 'vary' });
  });

  it('reads how long it may be given stale, unless it must not be', () => {
    const stale = 'max-age=60, stale-while-revalidate=5, stale-if-error=300';
    expect(read(stale)).toMatchObject({ staleWhileRevalidateMs: 5_000, staleIfErrorMs: 300_000 });
    expect(read(`${stale}, must-revalidate`)).toMatchObject({ staleWhileRevalidateMs: 0, staleIfErrorMs: 0 });
    expect(read(`${stale}, proxy-revalidate`)).toMatchObject({ staleWhileRevalidateMs: 0, staleIfErrorMs: 0 });
  });

  it('takes no time for what is made to take long', () => {
    const begun = performance.now();
    for (const header of [' '.repeat(100_000), `a="${'\\'.repeat(3_900)}`, ' \t'.repeat(1_990), ','.repeat(3_999)])
      expect(read(header)).toMatchObject({ isStorable: false });
    expect(performance.now() - begun).toBeLessThan(200);
  });
});

describe('the policy of what is made of several answers', () => {
  const merge = (...headers: string[]) => headers.map((header) => read(header)).reduce(mergePolicies);

  it('lives as long as its shortest part, for as few as its narrowest', () => {
    expect(merge('public, max-age=60', 'public, max-age=10')).toMatchObject({ maxAgeMs: 10_000, scope: 'public' });
    expect(merge('public, max-age=60', 'max-age=10')).toMatchObject({ scope: 'unsaid', isShared: false });
    expect(merge('private, max-age=5', 'public, max-age=10')).toMatchObject({ maxAgeMs: 5_000, scope: 'private' });
    expect(merge('s-maxage=5', 'public, max-age=10')).toMatchObject({ scope: 'unsaid', isShared: true });
  });

  it('is not stored when a part is not', () => {
    expect(merge('public, max-age=60', 'no-store', 'public')).toEqual({ isStorable: false, reason: 'no-store' });
  });

  it('ends being stale where the first of its parts does', () => {
    expect(merge('max-age=10, stale-if-error=100', 'max-age=50, stale-if-error=20')).toMatchObject({
      maxAgeMs: 10_000,
      staleIfErrorMs: 60_000,
    });
    expect(merge('max-age=10, stale-while-revalidate=100', 'max-age=50')).toMatchObject({
      staleWhileRevalidateMs: 40_000,
    });
    expect(merge('max-age=10', 'max-age=50, stale-while-revalidate=100')).toMatchObject({ staleWhileRevalidateMs: 0 });
  });

  it('is the same in whatever order', () => {
    const parts = ['public, max-age=9', 's-maxage=30, stale-if-error=4', 'max-age=20, stale-while-revalidate=7'];
    const orders = [
      [0, 1, 2],
      [2, 1, 0],
      [1, 0, 2],
    ];
    const merged = orders.map((order) => merge(...order.map((index) => parts[index] ?? '')));
    expect(new Set(merged.map((policy) => JSON.stringify(policy))).size).toBe(1);
  });
});

describe('a policy as the header for the client', () => {
  const written = (header: string, age?: string) => toCacheControl(read(header, age));

  it('says how long, for whom, and how stale', () => {
    expect(written('public, max-age=60, stale-while-revalidate=5, stale-if-error=9')).toBe(
      'max-age=60, public, stale-while-revalidate=5, stale-if-error=9',
    );
    expect(written('s-maxage=60')).toBe('max-age=60, public');
    expect(written('max-age=60')).toBe('max-age=60, private');
    expect(written('private, max-age=60')).toBe('max-age=60, private');
    expect(written('no-cache')).toBe('no-store');
  });

  it('counts the lifetime from when the answer was made, which the age header says', () => {
    expect(written('public, max-age=60', '20')).toBe('max-age=60, public');
    const policy = read('public, max-age=60') as CachePolicy & { isStorable: true };
    expect(toCacheControl({ ...policy, maxAgeMs: 40_000 }, 20_000)).toBe('max-age=60, public');
  });
});

describe('what a client wants of the cache', () => {
  it.each([
    [undefined, true, true],
    ['', true, true],
    ['no-cache', false, true],
    ['no-store', false, false],
    ['NO-CACHE, no-store', false, false],
    ['max-age=x', false, true],
    ['no-cache, no-cache', false, true],
    ['max-stale=10', true, true],
  ])('%s', (header, mayRead, mayStore) => {
    expect(readCacheWish(header)).toMatchObject({ mayRead, mayStore });
  });

  it('may be nothing older than it says, or nothing that is fetched', () => {
    expect(readCacheWish('max-age=0')).toMatchObject({ mayRead: true, mayJoin: false, maxAgeMs: 0 });
    expect(readCacheWish('max-age=5, only-if-cached')).toMatchObject({ maxAgeMs: 5_000, isOnlyIfCached: true });
    expect(readCacheWish(undefined)).toMatchObject({
      mayJoin: true,
      maxAgeMs: Number.POSITIVE_INFINITY,
      isOnlyIfCached: false,
    });
  });

  it('is `no-cache` by pragma, when there is no cache-control', () => {
    expect(readCacheWish(undefined, 'no-cache').mayRead).toBe(false);
    expect(readCacheWish('max-age=5', 'no-cache').mayRead).toBe(true);
  });
});
