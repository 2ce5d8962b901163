import type { HearAnswer } from './http-answers.ts';
import { type Log, withoutRedaction } from './logs.ts';

/** Asked all the time, and by nobody's wish to know something else. */
const PROBES = new Set<string | undefined>(['/health', '/ready', '/metrics']);

/** Writes a line for each request, at `info`; for one that asks how the process does, and hears that it does well, at `debug`. */
export function createHttpRequestLog(log: Log): HearAnswer {
  // What is written here is listed here: nothing of it can be a secret.
  const lines = withoutRedaction(log);
  return ({ requestId, method, route, status, begun, ended, trace }) => {
    // With microseconds.
    const durationMs = Math.round((ended - begun) * 1_000) / 1_000;
    const level = PROBES.has(route) && status < 400 ? 'debug' : 'info';
    lines[level]({ requestId, method, route, status, durationMs, traceId: trace?.traceId }, 'request');
  };
}
