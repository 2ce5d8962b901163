import { randomFillSync } from 'node:crypto';

/** What travels of a trace from one server to the next (W3C Trace Context, level 2). */
export interface TraceContext {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** Of whoever asks: 16 hexadecimal digits. */
  readonly spanId: string;
  /** Whether whoever asks keeps its part of the trace. */
  readonly isSampled: boolean;
}

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** Reads a `traceparent`. @returns `undefined` for what is none: then a trace begins here */
export function readTraceparent(header: string | undefined): TraceContext | undefined {
  if (header === undefined) return undefined;
  const [, version, traceId = '', spanId = '', flags = '', more] = TRACEPARENT.exec(header) ?? [];
  if (version === undefined || version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  if (traceId === NO_TRACE || spanId === NO_SPAN) return undefined;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

/** Writes a `traceparent`. */
export function writeTraceparent({ traceId, spanId, isSampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`;
}

/** Random bytes are drawn many at a time, and ids are parts of one text of some: on the way of every request. */
const drawn = Buffer.alloc(4_080);
/** An id that is kept keeps all of its text, so that is short. */
const TEXT_BYTES = 240;
let next = drawn.length;
let text = '';
let used = 0;

/** @returns so many random hexadecimal digits, which are not all zero */
function draw(zero: string): string {
  if (used + zero.length > text.length) {
    if (next === drawn.length) {
      randomFillSync(drawn);
      next = 0;
    }
    text = drawn.toString('hex', next, next + TEXT_BYTES);
    next += TEXT_BYTES;
    used = 0;
  }
  const id = text.slice(used, used + zero.length);
  used += zero.length;
  return id === zero ? draw(zero) : id;
}

/** What ids must not be. */
const NO_TRACE = '0'.repeat(32);
const NO_SPAN = '0'.repeat(16);

export function newTraceId(): string {
  return draw(NO_TRACE);
}

export function newSpanId(): string {
  return draw(NO_SPAN);
}
