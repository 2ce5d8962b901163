import type { HearAnswer } from './http-answers.ts';
import { createLineWriter, type Log } from './logs.ts';

/** Asked all the time, and by nobody's wish to know something else. */
const PROBES = new Set<string | undefined>(['/health', '/ready', '/metrics']);

/** Writes a line for each request, at `info`; for one that asks how the process does, and hears that it does well, at `debug`. */
export function createHttpRequestLog(log: Log): HearAnswer {
  const writeLine = createLineWriter(log);
  const isWritten = log.isLevelEnabled('info');
  return ({ requestId, method, route, status, begun, ended, trace }) => {
    // With microseconds.
    const durationMs = Math.round((ended - begun) * 1_000) / 1_000;
    const fields = { requestId, method, route, status, durationMs, traceId: trace?.traceId };
    if (PROBES.has(route) && status < 400) log.debug(fields, 'request');
    else if (isWritten) writeLine(`,${JSON.stringify({ ...fields, msg: 'request' }).slice(1, -1)}`);
  };
}
