import { PassThrough } from 'node:stream';
import { createLog, type Log, type LogLevel } from '../../service/logs.ts';
import { collectLines, type Lines } from './lines.ts';

/** A log whose lines a test can read. */
export function createTestLog(level: LogLevel = 'info'): { readonly log: Log; readonly lines: Lines } {
  const stream = new PassThrough();
  return { log: createLog('test', level, stream), lines: collectLines(stream) };
}
