import { describe, expect, it } from '@jest/globals';
import { findWrong } from './adversarial.ts';
import { ATTACK_LOADS, ATTACK_TARGETS } from './attack-targets.ts';
import { ATTACKS } from './attacks.ts';
import { MODES } from './gateways.ts';
import { judge } from './judge.ts';
import { createReadings } from './readings.ts';

const rightly = () => new Map(ATTACKS.map(({ name, wants }) => [name, new Map([[wants[0] ?? '', 3]])]));

describe('the attacks', () => {
  it('are as many of each kind as are sent, all different and none of a round before; or one, over and over', () => {
    for (const { name, bodies } of ATTACKS) {
      const all = [...bodies(30, 0), ...bodies(30, 1)];
      const different = new Set(all).size;
      expect([name, different]).toEqual([name, all.length === 2 ? 1 : 60]);
    }
  });

  it('have names of their own, and a target each on one core and on two', () => {
    expect(ATTACK_LOADS.size).toBe(2 * ATTACKS.length);
    expect(ATTACK_TARGETS.every(({ gateway }) => MODES.get(gateway)?.guarding === 'slices')).toBe(true);
  });

  it.each([
    { where: 'two cores', may: 8 },
    { where: 'one core', may: 14 },
  ])('are missed when the p99 of a normal client is far above its quiet one on $where', ({ where, may }) => {
    const target = ATTACK_TARGETS.find(({ load }) => load === `attacked on ${where}: deep`);
    if (target === undefined) throw new TypeError('there is a target');
    const verdictOf = (attacked: number) => {
      const readings = createReadings();
      readings.add(target.load, target.gateway, { 'quiet p99 ms': 4, 'beside p99 ms': attacked });
      return judge([target], readings)[0]?.verdict;
    };
    expect([verdictOf(may), verdictOf(may + 0.1)]).toEqual(['goal', 'MISSED']);
  });

  it('are wrong when something else is said of them than must be, and when nothing is', () => {
    expect(findWrong(rightly())).toEqual([]);
    const said = rightly();
    said.get('deep')?.set('200', 2);
    said.set('wide', new Map());
    expect(findWrong(said)).toEqual([
      'attacked: deep: 2 × 200, must be 200 OPERATION_LIMIT_EXCEEDED',
      'attacked: wide: nothing was said of it',
    ]);
  });
});
