import { afterEach, expect, it } from '@jest/globals';
import { createTestLog } from '../../support/log-lines.ts';
import { until } from '../../support/until.ts';
import { startTestOperations, type TestOperations, type TestOperationsOptions } from './test-operations.ts';

const SDL = 'type Query { a: Int b: Int c: Int }';
const never = new AbortController().signal;

let operations: TestOperations;
afterEach(() => operations.close());

async function warm(options: TestOperationsOptions) {
  operations = startTestOperations(options);
  const supergraph = await operations.build(SDL);
  await operations.warmUp(supergraph, undefined, never);
  return supergraph;
}

it('has the known operations ready on the first supergraph, as who sends no variables asks for them', async () => {
  const conditional = 'query ($all: Boolean = true) { a @include(if: $all) b }';
  const supergraph = await warm({ knownTexts: ['{ a }', conditional] });
  expect(operations.isReady(supergraph, '{ a }')).toBe(true);
  expect(operations.isReady(supergraph, conditional, { coercedVariables: { all: true } })).toBe(true);
  expect(operations.isReady(supergraph, '{ b }')).toBe(false);
});

it('passes over what does not fit the supergraph, and says what and why', async () => {
  const { log, lines } = createTestLog();
  const supergraph = await warm({ knownTexts: ['{ gone }', 'subscription { a }', '{ a }'], log });
  expect(operations.isReady(supergraph, '{ a }')).toBe(true);
  expect(JSON.parse(await lines.find(/do not fit this graph/))).toMatchObject({
    level: 'warn',
    count: 2,
    operations: expect.arrayContaining([{ text: '{ gone }', reason: 'Cannot query field "gone" on type "Query".' }]),
  });
});

it('takes the popular ones of the supergraph before first', async () => {
  operations = startTestOperations({ knownTexts: ['{ c }'] });
  const [before, after] = await Promise.all([operations.build(SDL), operations.build(`${SDL} type Other { x: Int }`)]);
  await operations.ready(before, '{ a }');
  await operations.warmUp(after, before, never);
  expect(operations.isReady(after, '{ a }')).toBe(true);
  expect(operations.isReady(after, '{ c }')).toBe(true);
});

it('waits no longer than it may, and goes on', async () => {
  const knownTexts = Array.from({ length: 200 }, (_, number) => `query Q${number} { a b c }`);
  const supergraph = await warm({ knownTexts, warmUpTimeoutMs: 1 });
  const isLastPrepared = () => operations.memoOf(supergraph).texts.get(knownTexts.at(-1) ?? '') !== undefined;
  expect(isLastPrepared()).toBe(false);
  await until(isLastPrepared);
});
