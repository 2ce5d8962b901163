import { describe, expect, it } from '@jest/globals';
import type { AtRest } from './at-rest.ts';
import { ALLOWED, BESIDE_ATTACKS, judgeGrowth } from './growth.ts';

const rest = (more: Partial<AtRest> = {}): AtRest => ({
  rssMb: 200,
  heapMb: 30,
  externalMb: 5,
  plannerHeapMb: 20,
  threads: 12,
  sockets: 5,
  mapEntries: 4_000,
  setEntries: 100,
  ...more,
});
const growing = (...readings: readonly AtRest[]) =>
  judgeGrowth(readings)
    .filter(({ isGrowing }) => isGrowing)
    .map(({ held }) => held);

describe('the judgement of growth', () => {
  it('names what the last reading has more of than the second, beyond what is allowed', () => {
    expect(growing(rest(), rest(), rest({ heapMb: 30 + ALLOWED['heap MB'] + 0.1 }))).toEqual(['heap MB']);
    expect(growing(rest(), rest(), rest({ heapMb: 30 + ALLOWED['heap MB'] }))).toEqual([]);
  });

  it('allows no thread and no socket more', () => {
    expect(growing(rest(), rest(), rest({ threads: 13, sockets: 6 }))).toEqual(['threads', 'sockets']);
  });

  it('does not look at the first reading, nor at those between', () => {
    expect(growing(rest({ heapMb: 10 }), rest(), rest({ heapMb: 90 }), rest())).toEqual([]);
  });

  it('takes what became less for no growth', () => {
    expect(growing(rest(), rest(), rest({ sockets: 3, mapEntries: 0 }))).toEqual([]);
  });

  it('allows more of what attacks leave behind, and no thread and no socket more', () => {
    const readings = [rest(), rest(), rest(), rest({ heapMb: 33, rssMb: 400, threads: 13, sockets: 6 })];
    const held = judgeGrowth(readings, BESIDE_ATTACKS).filter(({ isGrowing }) => isGrowing);
    expect(held.map((one) => one.held)).toEqual(['threads', 'sockets']);
  });

  it('looks beside attacks at the second half: what is bounded is full by then', () => {
    const filling = [4_000, 9_000, 20_000, 22_000, 22_100, 22_000].map((mapEntries) => rest({ mapEntries }));
    const grown = (readings: readonly AtRest[]) =>
      judgeGrowth(readings, BESIDE_ATTACKS).filter(({ isGrowing }) => isGrowing).length;
    expect(grown(filling)).toBe(0);
    expect(grown([...filling, rest({ mapEntries: 27_000 })])).toBe(1);
  });

  it('needs three readings', () => {
    expect(() => judgeGrowth([rest(), rest()])).toThrow(TypeError);
  });
});
