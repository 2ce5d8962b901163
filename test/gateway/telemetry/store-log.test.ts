import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { type StoreEvent, storeEvents } from '../../../gateway/store/store-events.ts';
import { startStoreLog } from '../../../gateway/telemetry/store-log.ts';
import type { Running } from '../../../service/run.ts';
import type { Lines } from '../../support/lines.ts';
import { createTestLog } from '../../support/log-lines.ts';

let running: Running;
let lines: Lines;
let time: number;

beforeEach(() => {
  time = 0;
  const created = createTestLog();
  lines = created.lines;
  running = startStoreLog({ log: created.log, quietMs: 1_000, now: () => time });
});
afterEach(() => running.close());

const publish = (event: StoreEvent) => storeEvents.publish(event);
const refuse = (call: 'write' | 'purge') =>
  publish({ kind: 'call', call, durationMs: 1, fault: 'refused', error: new Error(`NOPERM ${call}`) });
const written = () => lines.all.map((line) => (JSON.parse(line) as { readonly msg: string }).msg);

it('says once that Redis is lost, with the reason, and once that it is back', async () => {
  publish({ kind: 'connection', role: 'cache', isUp: true });
  publish({ kind: 'connection', role: 'cache', isUp: false, error: new Error('the reason') });
  publish({ kind: 'breaker', role: 'cache', state: 'open' });
  publish({ kind: 'call', call: 'read', durationMs: 1, fault: 'unavailable' });
  publish({ kind: 'connection', role: 'cache', isUp: true });
  expect(await lines.find(/is there again/)).toBeDefined();
  expect(written()).toEqual([expect.stringMatching(/away or slow/), expect.stringMatching(/there again/)]);
  expect(lines.all[0]).toContain('the reason');
});

it('says what Redis refuses, and again after a while, with how often', async () => {
  for (let count = 0; count < 5; count++) refuse('write');
  refuse('purge');
  time = 2_000;
  refuse('write');
  await lines.find(/"since":4/);
  expect(lines.all.map((line) => (JSON.parse(line) as { readonly call: string }).call)).toEqual([
    'write',
    'purge',
    'write',
  ]);
  expect(lines.all[0]).toContain('NOPERM write');
});
