import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { followEvents } from '../../../gateway/cache/follow-events.ts';
import { createMemoryEvents } from '../../../service/events-memory.ts';
import { INVALIDATED, type Invalidation } from '../../../service/invalidation.ts';
import { ClosingStack } from '../../../service/run.ts';
import type { Lines } from '../../support/lines.ts';
import { createTestLog } from '../../support/log-lines.ts';
import { until } from '../../support/until.ts';

describe('events of services that say what they changed', () => {
  let stack: ClosingStack;
  let lines: Lines;
  let publish: (data: unknown) => Promise<void>;
  const voided: Invalidation[] = [];

  beforeEach(async () => {
    stack = new ClosingStack();
    voided.length = 0;
    const test = createTestLog();
    lines = test.lines;
    const events = stack.add('events', createMemoryEvents({ log: test.log }));
    publish = (data) =>
      events.publish({ id: randomUUID(), type: INVALIDATED, occurredAt: new Date().toISOString(), data });
    const invalidate = async (all: readonly Invalidation[]) => {
      voided.push(...all);
      const unknown = all.flatMap((one) => (one.kind === 'type' ? [`there is no type "${one.type}"`] : []));
      return { isPending: false, isReplicated: true, sequence: 1, unknown, headerTags: [] } as const;
    };
    stack.add('following', await followEvents({ events, namespace: 'main', invalidate, log: test.log }));
  });
  afterEach(() => stack.close());

  it('void it, and are told in the log by what of it the graph does not have', async () => {
    const known: Invalidation = { kind: 'tag', tag: 'a' };
    const misspelled: Invalidation = { kind: 'type', type: 'Produkt' };
    await publish({ invalidations: [known, misspelled] });
    await until(() => voided.length === 2);
    expect(voided).toEqual([known, misspelled]);
    expect(await lines.find(/names what the graph does not have/)).toContain('there is no type \\"Produkt\\"');
  });

  it('are told in the log, and come no more, when nobody understands them', async () => {
    await publish({ invalidation: [] });
    await publish({ invalidations: [{ kind: 'tag', tag: 'b' }] });
    await until(() => voided.length === 1);
    expect(await lines.find(/in a way that nobody understands/)).toContain('This must be a list');
  });
});
