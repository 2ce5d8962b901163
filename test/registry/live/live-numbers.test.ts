import { beforeEach, describe, expect, it } from '@jest/globals';
import { createLiveNumbers, type LiveNumbers } from '../../../registry/live/live-numbers.ts';
import type { LiveOperation, PlacedReport } from '../../../registry/live/live-report.ts';

const NOON = Date.parse('2026-11-25T12:00:00Z');

describe('live numbers', () => {
  let time: number;
  let live: LiveNumbers;
  beforeEach(() => {
    time = NOON;
    live = createLiveNumbers({ now: () => new Date(time) });
  });

  const operation = (more: Partial<LiveOperation> = {}): LiveOperation => ({
    ...{ name: 'Home', hash: 'a', requests: 10, errors: 1, cached: 5, latency: [0, 0, 0, 0, 10], ...more },
  });
  const report = (more: Partial<PlacedReport> = {}): PlacedReport => ({
    ...{ graph: 'shop', variant: 'current', instance: 'one', seconds: 5, operations: [operation()], ...more },
  });
  const read = (minutes = 5) => live.read('shop', 'current', minutes);

  it('are those of all gateways together, per second, for each span of five seconds', () => {
    live.add(report());
    live.add(
      report({ instance: 'two', operations: [operation({ requests: 40, errors: 0, cached: 40, latency: [40] })] }),
    );
    time += 5_000;
    const { gateways, total, series } = read();
    expect(gateways).toBe(2);
    expect(series).toEqual([
      {
        ...{ at: new Date(NOON - 5_000), requestsPerSecond: 10, errorRatio: 0.02, cachedRatio: 0.9 },
        ...{ p50Ms: expect.closeTo(0.0625), p99Ms: expect.any(Number) },
      },
    ]);
    expect(total).toMatchObject({ requestsPerSecond: 10, cachedRatio: 0.9 });
  });

  it('are spread over the spans that a report falls into', () => {
    time += 2_000;
    live.add(report({ seconds: 4, operations: [operation({ requests: 8 })] }));
    time += 8_000;
    const rates = read().series.map(({ requestsPerSecond }) => requestsPerSecond * 5);
    expect(rates).toEqual([expect.closeTo(4), expect.closeTo(4)]);
  });

  it('are by operation, those that are asked for most first', () => {
    live.add(report({ operations: [operation(), operation({ name: null, hash: 'b', requests: 90, cached: 0 })] }));
    expect(read().operations).toMatchObject([
      { name: null, hash: 'b', requests: 90, cachedRatio: 0 },
      { name: 'Home', hash: 'a', requests: 10, cachedRatio: 0.5, requestsPerSecond: 2 },
    ]);
  });

  it('are bounded: operations beyond 200 count as others, and what is older than a quarter of an hour is forgotten', () => {
    for (let batch = 0; batch < 3; batch++)
      live.add(
        report({
          operations: Array.from({ length: 100 }, (_, index) =>
            operation({ name: `Op${batch}`, hash: `${batch}-${index}` }),
          ),
        }),
      );
    const { operations } = read();
    expect(operations.length).toBeLessThanOrEqual(201);
    expect(operations[0]).toMatchObject({ name: 'other', hash: '' });
    expect(operations.reduce((sum, { requests }) => sum + requests, 0)).toBe(3_000);
    time += 17 * 60_000;
    live.add(report());
    expect(read(15).operations).toHaveLength(1);
  });

  it('lose a gateway that has not reported for fifteen seconds', () => {
    live.add(report());
    time += 14_000;
    live.add(report({ instance: 'two', operations: [] }));
    expect(read().gateways).toBe(2);
    time += 2_000;
    expect(read().gateways).toBe(1);
  });

  it('are none where nobody has reported', () => {
    live.add(report());
    expect(live.read('shop', 'other', 5)).toMatchObject({
      gateways: 0,
      series: [],
      operations: [],
      total: { p50Ms: null },
    });
  });
});
