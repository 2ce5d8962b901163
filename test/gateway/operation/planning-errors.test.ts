import { expect, it } from '@jest/globals';
import { GatewayError } from '../../../gateway/errors.ts';
import { explainRefusal } from '../../../gateway/operation/planning-errors.ts';
import { PlanningRefusal } from '../../../planning/planning-refusal.ts';

it.each([
  ['waited too long', 'OVERLOADED', /in time.*Try again/],
  ['queue full', 'OVERLOADED', /Too many new operations/],
  ['closed', 'OVERLOADED', /stopping/],
  ['too slow', 'OPERATION_LIMIT_EXCEEDED', /planning\.timeoutMs: .* 5 ms/],
  ['too large', 'OPERATION_LIMIT_EXCEEDED', /planning\.heapMb: .*5 MB/],
  ['too many choices', 'OPERATION_LIMIT_EXCEEDED', /planning\.maxPaths: .* 5 ways/],
] as const)('words "%s" for the client', (fault, code, message) => {
  const refusal = new PlanningRefusal(fault, { bound: 5 });
  const explained = explainRefusal(refusal);
  expect(explained).toBeInstanceOf(GatewayError);
  expect(explained).toMatchObject({ code, message: expect.stringMatching(message), cause: refusal });
});

it('leaves a fault of the planner what it is', () => {
  const fault = new TypeError('a bug');
  expect(explainRefusal(fault)).toBe(fault);
});
