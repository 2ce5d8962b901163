import { beforeEach, describe, expect, it } from '@jest/globals';
import { createWorths, type Worths } from '../../../gateway/cache/worth.ts';

describe('what is worth keeping', () => {
  const kind = {};
  let worths: Worths<object>;
  beforeEach(() => {
    worths = createWorths(true);
  });

  /** Asks under so many keys. @returns what was to become of them */
  function ask(count: number, { there = 0, name = 'key' }: { readonly there?: number; readonly name?: string } = {}) {
    return Array.from({ length: count }, (_, index) => {
      const worth = worths.of(kind, `${name} ${index}`);
      if (worth === 'counted') worths.note(kind, index < there);
      return worth;
    });
  }

  it('is everything, as long as nobody knows better', () => {
    expect(new Set(ask(256))).toEqual(new Set(['counted']));
  });

  it('is everything of a kind of which a part is there', () => {
    ask(256, { there: 4 });
    expect(new Set(ask(256, { there: 256 }))).toEqual(new Set(['counted']));
  });

  it('is little of a kind of which hardly anything is there, and that by the key', () => {
    ask(256, { there: 3 });
    const first = ask(3_200, { name: 'other' });
    const counted = first.filter((worth) => worth === 'counted').length;
    expect(counted).toBeGreaterThan(25);
    expect(counted).toBeLessThan(100);
    expect(first.filter((worth) => worth === 'kept')).toEqual([]);
    const again = ask(3_200, { name: 'other' });
    expect(again.map((worth) => worth === 'counted')).toEqual(first.map((worth) => worth === 'counted'));
  });

  it('is what was asked for before', () => {
    ask(256);
    const first = ask(100, { name: 'other' });
    expect(ask(100, { name: 'other' })).toEqual(first.map((worth) => (worth === 'passed over' ? 'kept' : worth)));
  });

  it('is nothing more where keys are told in part', () => {
    worths = createWorths(false);
    ask(256);
    ask(100, { name: 'other' });
    expect(ask(100, { name: 'other' })).toContain('passed over');
    expect(ask(100, { name: 'other' })).not.toContain('kept');
  });

  it('is everything again when some of the little are there', () => {
    ask(256);
    expect(ask(1_000, { name: 'other' })).toContain('passed over');
    ask(1_000, { there: 1_000, name: 'third' });
    expect(new Set(ask(200, { name: 'fourth' }))).toEqual(new Set(['counted']));
  });

  it('tells kinds apart', () => {
    ask(256);
    expect(worths.of({}, 'key 1')).toBe('counted');
  });
});
