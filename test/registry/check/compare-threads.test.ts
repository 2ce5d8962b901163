import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildSchema } from 'graphql';
import { compose } from '../../../composition/compose.ts';
import type { TracedChange } from '../../../registry/check/compare-supergraphs.ts';
import { type Comparing, createComparing } from '../../../registry/check/compare-threads.ts';
import { judgeChanges } from '../../../registry/check/judge-changes.ts';
import { diffApiSchemas } from '../../../registry/schema/changes.ts';
import { createTraces } from '../../../registry/schema/traces.ts';
import type { UsedOperation, WindowUsage } from '../../../registry/storage/usage-window.ts';

const COMPOSED = compose([{ name: 'a', url: 'http://a.test', sdl: 'type Query { a: Int }' }]);
const SUPERGRAPH = 'supergraphSdl' in COMPOSED ? COMPOSED.supergraphSdl : '';
const FIELDS = Array.from({ length: 1_500 }, (_, number) => `f${number}`);
const before = buildSchema(`type Query { kept: Int ${FIELDS.map((name) => `${name}: Int`).join(' ')} }`);
const after = buildSchema('type Query { kept: Int }');
const tracesOf = createTraces(before, after);
const changes: readonly TracedChange[] = diffApiSchemas(before, after).map((change) => ({
  change,
  traces: tracesOf(change),
}));
const wanted = Array.from(
  { length: 5_000 },
  (_, number): UsedOperation => ({
    ...{ hash: `${number}`, name: null, count: 1, clients: [], isPopular: true, body: 'long '.repeat(100) },
    coordinates: FIELDS.slice(number % 1_000, (number % 1_000) + 40).map((name) => `Query.${name}`),
  }),
);
const usage: WindowUsage = {
  ...{ isKnown: true, operations: wanted.length, requests: wanted.length, wanted },
  leftOut: { operations: 0, coordinates: [] },
};

describe('the thread that compares', () => {
  let comparing: Comparing;
  beforeAll(() => {
    comparing = createComparing({ threads: 1, queueLength: 10, timeoutMs: 60_000 });
  });
  afterAll(() => comparing.close());

  it('judges many changes by many operations, while this thread does other things', async () => {
    const judging = comparing.judge(changes, usage, []);
    let isJudged = false;
    void judging.then(() => {
      isJudged = true;
    });
    // Had it been judged here, the next turn would come afterwards.
    await new Promise(setImmediate);
    expect(isJudged).toBe(false);
    expect(await judging).toEqual(judgeChanges(changes, usage, []));
  });

  it('is not the one that has the operations of a client, however many', async () => {
    const busy = createComparing({ threads: 1, queueLength: 10, timeoutMs: 60_000 });
    const body = `{ ${Array.from({ length: 15_000 }, (_, number) => `a${number}: nothing`).join(' ')} }`;
    const operations = Array.from({ length: 200 }, () => ({ name: null, body }));
    const validating = busy.validate(SUPERGRAPH, operations).then(
      () => 'validated',
      (error: unknown) => error,
    );
    const judging = busy.judge(changes.slice(0, 1), usage, []).then(() => 'judged');
    expect(await Promise.race([validating, judging])).toBe('judged');
    await busy.close();
    expect(await validating).toMatchObject({ code: 'BUSY' });
  });

  it('is not asked where nothing has changed', async () => {
    const closed = createComparing({ threads: 1, queueLength: 10, timeoutMs: 60_000 });
    await closed.close();
    expect(await closed.judge([], usage, [])).toEqual({ changes: [], hit: new Set() });
    expect(await closed.compare('a', 'a')).toEqual({ changes: [], coordinates: [] });
  });
});
