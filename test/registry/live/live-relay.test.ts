import { describe, expect, it } from '@jest/globals';
import { LATENCY_BUCKETS } from '../../../registry/live/latency.ts';
import { split } from '../../../registry/live/live-relay.ts';
import { LIVE_BOUNDS, liveReportSchema, type PlacedReport } from '../../../registry/live/live-report.ts';

/** As large as one may be. */
const LARGEST: PlacedReport = {
  ...{
    graph: 'g'.repeat(64),
    variant: 'v'.repeat(63),
    instance: '\u0001'.repeat(LIVE_BOUNDS.instance),
    seconds: 59.999,
  },
  operations: Array.from({ length: LIVE_BOUNDS.operations }, () => ({
    ...{ name: '\u0001'.repeat(LIVE_BOUNDS.name), hash: 'f'.repeat(LIVE_BOUNDS.hash) },
    ...{ requests: 999_999_999, errors: 999_999_999, cached: 999_999_999 },
    latency: Array.from({ length: LATENCY_BUCKETS }, () => 999_999_999),
  })),
};

describe('a report for other processes', () => {
  it('goes in parts that Postgres takes as notices, with every operation once', () => {
    const parts = split(LARGEST);
    expect(parts.flatMap(({ operations }) => operations)).toEqual(LARGEST.operations);
    for (const part of parts) {
      const notice = JSON.stringify({ kind: 'live', from: '00000000-0000-4000-8000-000000000000', report: part });
      expect(Buffer.byteLength(notice)).toBeLessThan(8_000);
      expect(liveReportSchema.parse(part)).toEqual(part);
    }
  });

  it('goes in one part when it has nothing to tell but that the gateway is there', () => {
    expect(split({ ...LARGEST, operations: [] })).toEqual([{ ...LARGEST, operations: [] }]);
  });
});
