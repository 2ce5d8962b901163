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
  const [, version, traceId = '', spanId = '', flags = '', more] = TRACEPARENT.exec(header ?? '') ?? [];
  if (version === undefined || version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

/** Writes a `traceparent`. */
export function writeTraceparent({ traceId, spanId, isSampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`;
}

/** Random bytes are drawn many at a time: on the way of every request. */
const drawn = Buffer.alloc(4_096);
let used = drawn.length;

/** @returns so many random bytes in hexadecimal digits, which are not all zero */
function draw(bytes: number): string {
  if (used + bytes > drawn.length) {
    randomFillSync(drawn);
    used = 0;
  }
  const text = drawn.toString('hex', used, used + bytes);
  used += bytes;
  return /^0+$/.test(text) ? draw(bytes) : text;
}

export function newTraceId(): string {
  return draw(16);
}

export function newSpanId(): string {
  return draw(8);
}
