import { randomBytes } from 'node:crypto';

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

/** Ids are drawn many at a time, and are parts of one text: on the way of every request. */
const DRAWN_BYTES = 4_096;
let drawn = '';
let used = 0;

/** @returns so many random hexadecimal digits, which are not all zero */
function draw(zero: string): string {
  if (used + zero.length > drawn.length) {
    drawn = randomBytes(DRAWN_BYTES).toString('hex');
    used = 0;
  }
  const text = drawn.slice(used, used + zero.length);
  used += zero.length;
  return text === zero ? draw(zero) : text;
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
