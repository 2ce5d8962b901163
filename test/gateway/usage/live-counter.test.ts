import { beforeEach, describe, expect, it } from '@jest/globals';
import { RequestRecord } from '../../../gateway/request-record.ts';
import { createLiveCounter, type LiveCounter } from '../../../gateway/usage/live-counter.ts';

const HEAD = {
  ...{ id: '1', protocol: 'graphql' as const, clientName: undefined, clientVersion: undefined },
  ...{ trace: undefined, parentSpanId: undefined },
};

function record(hash: string | undefined, ms: number, more: Partial<RequestRecord> = {}): RequestRecord {
  const made = new RequestRecord(HEAD);
  if (hash !== undefined) made.operation = { name: `Of${hash}`, type: 'query', hash };
  return Object.assign(made, { begun: 0, ended: ms, ...more });
}

describe('live numbers', () => {
  let counter: LiveCounter;
  beforeEach(() => {
    counter = createLiveCounter();
  });

  it('are counted by operation, until they are taken', () => {
    counter.count(record('a', 1));
    counter.count(record('a', 1, { codes: ['SUBGRAPH_TIMEOUT'] }));
    counter.count(record('a', 1, { cache: 'hit' }));
    counter.count(record('b', 1, { cache: 'miss' }));
    counter.count(record(undefined, 1));
    expect(counter.take()).toMatchObject([
      { name: 'Ofa', hash: 'a', requests: 3, errors: 1, cached: 1 },
      { name: 'Ofb', hash: 'b', requests: 1, errors: 0, cached: 0 },
    ]);
    expect(counter.take()).toEqual([]);
  });

  it.each([
    [0.01, 0],
    [0.1, 0],
    [0.11, 1],
    [0.19, 2],
    [1.5, 8],
    [100, 20],
    [10_000_000, 41],
  ])('have %d ms in bucket %d', (ms, bucket) => {
    counter.count(record('a', ms));
    expect(counter.take()[0]?.latency.indexOf(1)).toBe(bucket);
  });

  it('are of a hundred operations, and of the others together', () => {
    for (let number = 0; number < 300; number++) counter.count(record(String(number), 1));
    const taken = counter.take();
    expect(taken).toHaveLength(101);
    expect(taken.at(-1)).toMatchObject({ name: 'other', hash: '', requests: 200 });
  });
});
