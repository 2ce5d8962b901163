import type { HearAnswer } from './http-answers.ts';
import { createLineWriter, type Log } from './logs.ts';
import { toMs } from './to-ms.ts';

/** Of those who look how the process does. */
const PROBES = ['/health', '/ready', '/metrics'];

/**
 * Writes a line for each request, at `info`.
 *
 * @param regular routes that are asked all the time by other processes; those that go well, as those of probes, are written at `debug`
 */
export function createHttpRequestLog(log: Log, regular: readonly string[]): HearAnswer {
  const quiet = new Set<string | undefined>([...PROBES, ...regular]);
  const writeLine = createLineWriter(log);
  const isWritten = log.isLevelEnabled('info');
  return ({ requestId, method, route, status, begun, ended, trace }) => {
    const fields = { requestId, method, route, status, durationMs: toMs(ended - begun), traceId: trace?.traceId };
    if (quiet.has(route) && status < 400) log.debug(fields, 'request');
    else if (isWritten) writeLine(`,${JSON.stringify({ ...fields, msg: 'request' }).slice(1, -1)}`);
  };
}
