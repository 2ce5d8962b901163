import { afterEach, expect, it } from '@jest/globals';
import { endRecord, onRequestEnd, tellEnded } from '../../gateway/ended-requests.ts';
import { RequestRecord } from '../../gateway/request-record.ts';
import { until } from '../support/until.ts';

const HEAD = { clientName: undefined, clientVersion: undefined, trace: undefined, parentSpanId: undefined };
const begin = (id: string) => new RequestRecord({ id, protocol: 'graphql', ...HEAD });
const ends: (() => void)[] = [];

function listen(): string[] {
  const heard: string[] = [];
  ends.push(onRequestEnd(({ head, status }) => void heard.push(`${head.id} ${status}`)));
  return heard;
}

afterEach(() => {
  for (const end of ends.splice(0)) end();
});

it('tells of a request by itself when nothing more comes', async () => {
  const heard = listen();
  endRecord(begin('a'), 200, 10);
  expect(heard).toEqual([]);
  await until(() => heard.length > 0);
  expect(heard).toEqual(['a 200']);
});

it('tells of many at once, in their order', () => {
  const heard = listen();
  for (let n = 0; n < 64; n++) endRecord(begin(String(n)), 200, 10);
  expect(heard).toEqual(Array.from({ length: 64 }, (_, n) => `${n} 200`));
});

it('tells of those that wait when it is asked to, and before somebody stops listening', () => {
  const [first, second] = [listen(), listen()];
  endRecord(begin('a'), 200, 10);
  tellEnded();
  expect(first).toEqual(['a 200']);
  endRecord(begin('b'), 500, 10);
  ends.shift()?.();
  endRecord(begin('c'), 200, 10);
  tellEnded();
  expect(first).toEqual(['a 200', 'b 500']);
  expect(second).toEqual(['a 200', 'b 500', 'c 200']);
});

it('lists the steps that a request took, in the order in which they ended, also when some were taken again', () => {
  const record = begin('a');
  record.end('authenticate');
  for (const step of ['cache', 'plan', 'execute', 'cache', 'execute'] as const) record.end(step);
  endRecord(record, 400, 10);
  const steps = record.steps();
  expect(steps.map(({ step }) => step).sort()).toEqual(['answer', 'authenticate', 'cache', 'execute', 'plan']);
  expect(steps.at(-1)?.step).toBe('answer');
  expect(steps.map(({ ended }) => ended)).toEqual(steps.map(({ ended }) => ended).sort((a, b) => a - b));
});
