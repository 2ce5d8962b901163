import { expect, it } from '@jest/globals';
import { readTraceparent, writeTraceparent } from '../../service/trace-context.ts';

const [TRACE, SPAN] = ['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331'];

it.each([
  [`00-${TRACE}-${SPAN}-01`, true],
  [`00-${TRACE}-${SPAN}-00`, false],
  // Other flags are for later versions.
  [`00-${TRACE}-${SPAN}-03`, true],
  // A later version may have more at its end.
  [`01-${TRACE}-${SPAN}-01-more`, true],
])('reads %s', (header, isSampled) => {
  expect(readTraceparent(header)).toEqual({ traceId: TRACE, spanId: SPAN, isSampled });
});

it.each([
  undefined,
  '',
  `00-${TRACE}-${SPAN}`,
  `00-${TRACE}-${SPAN}-01-more`,
  `ff-${TRACE}-${SPAN}-01`,
  `00-${TRACE.toUpperCase()}-${SPAN}-01`,
  `00-${'0'.repeat(32)}-${SPAN}-01`,
  `00-${TRACE}-${'0'.repeat(16)}-01`,
  `00-${TRACE}-${SPAN}-1`,
  ` 00-${TRACE}-${SPAN}-01`,
])('reads nothing of %s', (header) => {
  expect(readTraceparent(header)).toBeUndefined();
});

it('writes what it reads', () => {
  for (const flags of ['00', '01']) {
    const header = `00-${TRACE}-${SPAN}-${flags}`;
    const read = readTraceparent(header);
    expect(read && writeTraceparent(read)).toBe(header);
  }
});
