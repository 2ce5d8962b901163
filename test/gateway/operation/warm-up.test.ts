import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startTestOperations, type TestOperations } from './test-operations.ts';

const BEFORE = 'type Query { a: Int b: Int old: Int }';
const AFTER = 'type Query { a: Int b: Int new: Int }';
const CONDITION = 'query ($yes: Boolean!) { a @skip(if: $yes) b }';

describe('a supergraph that follows another', () => {
  let operations: TestOperations;
  const never = new AbortController().signal;
  beforeEach(() => {
    operations = startTestOperations({ warmUp: 3 });
  });
  afterEach(() => operations.close());

  it('has the most used operations ready, as they were used', async () => {
    const [before, after] = await Promise.all([operations.build(BEFORE), operations.build(AFTER)]);
    const use = async (text: string, times: number, yes = false) => {
      for (let time = 0; time < times; time++) await operations.ready(before, text, { coercedVariables: { yes } });
    };
    await use('{ a }', 1);
    await use('{ b }', 4);
    await use(CONDITION, 2, true);
    await use(CONDITION, 3, false);
    await operations.warmUp(after, before, never);
    const isReady = (text: string, yes = false) => operations.isReady(after, text, { coercedVariables: { yes } });
    expect([isReady('{ b }'), isReady(CONDITION, true), isReady(CONDITION, false)]).toEqual([true, true, true]);
    expect(isReady('{ a }')).toBe(false);
  });

  it('remembers what was popular, at half its weight', async () => {
    const [before, after] = await Promise.all([operations.build(BEFORE), operations.build(AFTER)]);
    for (let times = 8; times > 0; times--) await operations.ready(before, '{ b }');
    await operations.warmUp(after, before, never);
    expect([...operations.memoOf(after).plans.values()].map(({ uses }) => uses)).toEqual([4]);
  });

  it('keeps what it has made ready, however much comes once, also where nothing came before', async () => {
    const small = startTestOperations({ memoBytes: 240_000, knownTexts: ['{ a b }'] });
    const graph = await small.build(AFTER);
    await small.warmUp(graph, undefined, never);
    for (let number = 0; number < 20; number++) await small.ready(graph, `{ a${number}: a }`);
    expect([small.isReady(graph, '{ a0: a }'), small.isReady(graph, '{ a b }')]).toEqual([false, true]);
    await small.close();
  });

  it('passes over what is no longer valid', async () => {
    const [before, after] = await Promise.all([operations.build(BEFORE), operations.build(AFTER)]);
    for (const text of ['{ old }', '{ old a }', '{ a }']) await operations.ready(before, text);
    await operations.warmUp(after, before, never);
    expect(operations.isReady(after, '{ a }')).toBe(true);
    expect(operations.isReady(after, '{ old }')).toBe(false);
  });

  it('passes over labels that it does not have', async () => {
    const [before, after] = await Promise.all([operations.build(BEFORE), operations.build(AFTER)]);
    await operations.ready(before, '{ a }', { labels: new Map([['gone', true]]) });
    await operations.warmUp(after, before, never);
    expect(operations.isReady(after, '{ a }')).toBe(true);
  });

  it('does not wait when nobody will be served any more, nor when its planner has ended', async () => {
    const [before, after] = await Promise.all([operations.build(BEFORE), operations.build(AFTER)]);
    await operations.ready(before, '{ a }');
    await operations.warmUp(after, before, AbortSignal.abort());
    expect(operations.isReady(after, '{ a }')).toBe(false);
    await after.planner.close();
    await operations.warmUp(after, before, never);
    expect(operations.isReady(after, '{ a }')).toBe(false);
  });
});
