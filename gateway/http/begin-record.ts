import { requestEvents } from '../ended-requests.ts';
import { EXPLAIN } from '../guard/may-explain.ts';
import { CLIENT_NAME, CLIENT_VERSION } from '../request.ts';
import { type BeginRecord, type ReadTrace, RequestRecord } from '../request-record.ts';

/** Begins to note a request. @returns `undefined` when nobody wants to know */
export function beginRecord(
  { id, headers }: Parameters<BeginRecord>[0],
  protocol: Parameters<BeginRecord>[1],
  readTrace: ReadTrace | undefined,
): RequestRecord | undefined {
  if (!requestEvents.hasSubscribers && headers[EXPLAIN] === undefined) return undefined;
  const { trace, parentSpanId } = readTrace?.(textOf(headers.traceparent)) ?? NOT_TRACED;
  return new RequestRecord({
    id,
    protocol,
    trace,
    parentSpanId,
    clientName: textOf(headers[CLIENT_NAME]),
    clientVersion: textOf(headers[CLIENT_VERSION]),
  });
}

const NOT_TRACED = { trace: undefined, parentSpanId: undefined };

function textOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
