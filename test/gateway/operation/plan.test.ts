import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Supergraph } from '../../../gateway/supergraph/supergraph.ts';
import { startTestOperations, type TestOperations } from './test-operations.ts';

const SDL = 'type Query { a: Int b: Int c: String }';

describe('preparing and planning', () => {
  let operations: TestOperations;
  let supergraph: Supergraph;
  beforeAll(async () => {
    operations = startTestOperations();
    supergraph = await operations.build(SDL);
  });
  afterAll(() => operations.close());

  it('gives what is known at once, and always the same object', async () => {
    const text = '{ a b }';
    expect(operations.prepare({ supergraph, text, client: 'one' })).toBeInstanceOf(Promise);
    const planned = await operations.ready(supergraph, text);
    const prepared = operations.prepare({ supergraph, text, client: 'two' });
    expect(prepared).toBe(planned.prepared);
    const { operation } = planned;
    const request = { supergraph, prepared: planned.prepared, operation, coercedVariables: {}, client: 'two' };
    expect(operations.plan(request)).toBe(planned);
  });

  it('does the same once for all who ask at the same time', async () => {
    const text = '{ first: a }';
    const clients = ['one', 'two', 'three'];
    const all = await Promise.all(clients.map((client) => operations.ready(supergraph, text, { client })));
    expect(new Set(all).size).toBe(1);
    expect(all[0]?.uses).toBe(3);
  });

  it('makes a plan for each combination of conditions, and of labels that are on', async () => {
    const text = 'query ($yes: Boolean!, $no: Boolean!) { a @skip(if: $yes) b @include(if: $no) c }';
    const plans = new Set();
    for (const [yes, no] of [
      [true, true],
      [true, false],
      [false, true],
      [true, true],
    ]) {
      plans.add(await operations.ready(supergraph, text, { coercedVariables: { yes, no, other: 1 } }));
    }
    expect(plans.size).toBe(3);
    const coercedVariables = { yes: true, no: true };
    for (const isOn of [true, false, true]) {
      const labels = new Map([['percent(5)', isOn]]);
      plans.add(await operations.ready(supergraph, text, { coercedVariables, labels }));
    }
    expect(plans.size).toBe(4);
  });

  it('refuses a condition that is null, by the name that the client gave it', async () => {
    const text = 'query ($representations: Boolean = true) { a @skip(if: $representations) }';
    const refused = operations.ready(supergraph, text, { coercedVariables: { representations: null } });
    await expect(refused).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      message: expect.stringContaining('"$representations"') as unknown,
    });
  });

  it('does not keep what it refuses', async () => {
    for (const text of ['{ nothing }', '{ nothing }', '{ a ']) {
      await expect(operations.ready(supergraph, text)).rejects.toMatchObject({ name: 'GatewayError' });
      expect(operations.isReady(supergraph, text)).toBe(false);
    }
  });

  it('keeps the plans of two supergraphs apart', async () => {
    const other = await operations.build(`${SDL} type Other { id: ID }`);
    const text = '{ apart: a }';
    const planned = await operations.ready(supergraph, text);
    expect(operations.isReady(other, text)).toBe(false);
    expect(await operations.ready(other, text)).not.toBe(planned);
  });

  it('knows what came on another supergraph when it comes again', async () => {
    const small = startTestOperations({ memoBytes: 240_000 });
    const [before, after] = await Promise.all([small.build(SDL), small.build(`${SDL} type Other { id: ID }`)]);
    await small.ready(before, '{ again: a }');
    await small.ready(after, '{ again: a }');
    for (let number = 0; number < 20; number++) await small.ready(after, `{ a${number}: a }`);
    expect([small.isReady(after, '{ a0: a }'), small.isReady(after, '{ again: a }')]).toEqual([false, true]);
    await small.close();
  });

  it('forgets what was not used for longest when its bytes are used up, first what came once', async () => {
    // An eighth of them for what came once.
    const small = startTestOperations({ memoBytes: 240_000 });
    const own = await small.build(SDL);
    await small.ready(own, '{ often: a }');
    await small.ready(own, '{ often: a }');
    const texts = Array.from({ length: 20 }, (_, number) => `{ a${number}: a }`);
    for (const text of texts) await small.ready(own, text);
    const kept = texts.filter((text) => small.isReady(own, text));
    expect(kept.length).toBeGreaterThan(2);
    expect(kept).toEqual(texts.slice(-kept.length));
    expect(kept.length).toBeLessThan(texts.length);
    expect(small.isReady(own, '{ often: a }')).toBe(true);
    await small.close();
  });
});
