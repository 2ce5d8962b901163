import { describe, expect, it } from '@jest/globals';
import { GATEWAYS } from './gateways.ts';
import { failuresOfOurs, judge, missedMusts } from './judge.ts';
import { createReadings, type Measured } from './readings.ts';
import { TARGETS, type Target } from './targets.ts';

const rate: Target = {
  load: 'w1',
  claim: 'nothing shared',
  gateway: 'tributary nd',
  measure: 'req/s',
  against: ['stock'],
  want: 'at least',
  must: 7,
  goal: 10,
};

function readingsOf(
  rows: readonly (readonly [load: string, gateway: string, measure: Measured, ...values: number[]])[],
) {
  const readings = createReadings();
  for (const [load, gateway, measure, ...values] of rows)
    for (const value of values) readings.add(load, gateway, { [measure]: value });
  return readings;
}

const judgeRate = (ours: number, target = rate) =>
  judge(
    [target],
    readingsOf([
      ['w1', 'stock', 'req/s', 100],
      ['w1', 'tributary nd', 'req/s', ours],
    ]),
  )[0];

describe('the judgement of targets', () => {
  it('names a missed must and says what it would have to be', () => {
    const readings = readingsOf([
      ['w1', 'stock', 'req/s', 100],
      ['w1', 'tributary nd', 'req/s', 650],
    ]);
    expect(missedMusts(judge([rate], readings))).toEqual([
      'w1: nothing shared (tributary nd / stock): 6.50, must be at least 7',
    ]);
  });

  it('tells a must that is met from a goal that is reached', () => {
    expect(judgeRate(699)?.verdict).toBe('MISSED');
    expect(judgeRate(700)?.verdict).toBe('met');
    expect(judgeRate(1_000)?.verdict).toBe('goal');
  });

  it('counts what was not measured as missed', () => {
    const judgements = judge([rate], readingsOf([['w1', 'tributary nd', 'req/s', 650]]));
    expect(judgements[0]?.verdict).toBe('not measured');
    expect(missedMusts(judgements)).toEqual([
      'w1: nothing shared (tributary nd / stock): not measured, must be at least 7',
    ]);
  });

  it('takes a peer that answered nothing for not measured, not for infinitely slow', () => {
    const readings = readingsOf([
      ['w1', 'stock', 'req/s', 0, 0, 5],
      ['w1', 'tributary nd', 'req/s', 650],
    ]);
    expect(judge([rate], readings)[0]?.verdict).toBe('not measured');
  });

  it('names loads under which ours failed, and no others', () => {
    const readings = readingsOf([
      ['w1', 'tributary nd', 'failures', 0, 2],
      ['w1', 'stock', 'failures', 3],
      ['w2', 'tributary', 'failures', 0],
    ]);
    expect(failuresOfOurs(readings)).toEqual(['w1: 2 requests to tributary nd failed or were answered wrongly']);
  });

  it('judges medians, and spreads over the rounds each by itself', () => {
    const readings = readingsOf([
      ['w1', 'stock', 'req/s', 50, 100, 200],
      ['w1', 'tributary nd', 'req/s', 400, 900, 1_000],
    ]);
    const [judgement] = judge([rate], readings);
    expect(judgement?.value).toBe(9);
    expect(judgement?.spread).toEqual([5, 9]);
  });

  it('compares with the hardest of several peers: the fastest, or the one that waits least', () => {
    const target: Target = { ...rate, against: ['grafbase nd', 'grafbase'] };
    const rates = readingsOf([
      ['w1', 'grafbase nd', 'req/s', 100],
      ['w1', 'grafbase', 'req/s', 200],
      ['w1', 'tributary nd', 'req/s', 800],
    ]);
    expect(judge([target], rates)[0]?.value).toBe(4);
    const latency: Target = { ...target, measure: 'one connection p50 ms', want: 'at most', must: 1.1, goal: 0.9 };
    const latencies = readingsOf([
      ['w1', 'grafbase nd', 'one connection p50 ms', 1],
      ['w1', 'grafbase', 'one connection p50 ms', 2],
      ['w1', 'tributary nd', 'one connection p50 ms', 1.2],
    ]);
    expect(judge([latency], latencies)[0]).toMatchObject({ value: 1.2, verdict: 'MISSED' });
  });

  it('sets one measure of ours beside another, as a factor or as a difference', () => {
    const readings = readingsOf([
      ['hot', 'tributary nd', 'quiet p99 ms', 5],
      ['hot', 'tributary nd', 'beside p99 ms', 12],
    ]);
    const { against: _, ...alone } = rate;
    const target = { ...alone, load: 'hot', measure: 'beside p99 ms', want: 'at most' } as const;
    const by = (how: 'times' | 'plus') => ({ ...target, beside: { measure: 'quiet p99 ms', by: how } }) as const;
    expect(judge([{ ...by('times'), must: 2, goal: 2 }], readings)[0]).toMatchObject({ value: 2.4, verdict: 'MISSED' });
    expect(judge([{ ...by('plus'), must: 10, goal: 10 }], readings)[0]).toMatchObject({ value: 7, verdict: 'goal' });
  });

  it('takes one signature of a token seen before for a must that is missed', () => {
    const signatures = TARGETS.find(({ load, measure }) => load === 'guard' && measure === 'signatures seen');
    if (signatures === undefined) throw new TypeError('there is a target for signatures');
    const verdictOf = (count: number) =>
      judge([signatures], readingsOf([['guard', signatures.gateway, 'signatures seen', count]]))[0]?.verdict;
    expect([verdictOf(0), verdictOf(1)]).toEqual(['goal', 'MISSED']);
  });

  it('speaks only of gateways that there are', () => {
    const names = TARGETS.flatMap(({ gateway, against = [] }) => [gateway, ...against]);
    expect(names.filter((name) => !GATEWAYS.has(name))).toEqual([]);
  });
});
