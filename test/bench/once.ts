import { dataOf } from './answers.ts';
import { percentilesOf } from './percentiles.ts';

/** Closed-loop load of operations that are sent once each: what a gateway does with those that it has not seen. */
export interface Pass {
  readonly url: string;
  readonly queries: readonly string[];
  readonly connections: number;
  /** After so many seconds no more are sent. */
  readonly seconds: number;
}

export interface PassResult {
  readonly answered: number;
  readonly requestsPerSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Not 200, or not right. */
  readonly failures: number;
}

/** Sends every operation once, `connections` at a time. */
export async function passOnce({ url, queries, connections, seconds }: Pass): Promise<PassResult> {
  const latencies: number[] = [];
  let failures = 0;
  let next = 0;
  const start = performance.now();
  const end = start + seconds * 1_000;
  const client = async () => {
    while (next < queries.length && performance.now() < end) {
      const query = queries[next++];
      const from = performance.now();
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      });
      const text = await response.text();
      latencies.push(performance.now() - from);
      if (response.status !== 200 || dataOf(text) === undefined) failures++;
    }
  };
  await Promise.all(Array.from({ length: connections }, client));
  const { p50, p99 } = percentilesOf(latencies);
  const requestsPerSecond = latencies.length / ((performance.now() - start) / 1_000);
  return { answered: latencies.length, requestsPerSecond, p50, p99, failures };
}
