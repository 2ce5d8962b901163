import { describe, expect, it } from '@jest/globals';
import { readWrk } from './wrk.ts';

const PRINTED = `
  Thread Stats   Avg      Stdev     Max   +/- Stdev
  Latency Distribution
     50%  990.00us
     99%    1.28s
  20 requests in 2.00s, 20.00MB read
  Socket errors: connect 0, read 2, write 0, timeout 1
  Non-2xx or 3xx responses: 4
Requests/sec:     10.50
Wrong answers: 8
`;

describe('what wrk prints', () => {
  it('has rates, latencies in milliseconds, and what failed, was refused or was wrong in one number', () => {
    expect(readWrk(PRINTED)).toEqual({ requestsPerSecond: 10.5, p50: 0.99, p99: 1280, failures: 15 });
  });

  it('has no failures when it speaks of none', () => {
    expect(readWrk('Requests/sec: 1.00').failures).toBe(0);
  });
});
