import { type DestinationStream, type Logger, pino } from 'pino';
import { describeError } from './error-description.ts';

/** A structured log: `log.info({ … }, 'sentence')`. */
export type Log = Logger;

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What never stands in a log, wherever in a logged object it is: credentials in all the names they go by. */
const SECRETS = [
  'authorization',
  'cookie',
  'set-cookie',
  'password',
  'accessToken',
  'refreshToken',
  'token',
  'secret',
  'clientSecret',
];

/**
 * A log in JSON lines on standard output, each line with the service's name.
 *
 * Secrets are replaced by `[redacted]` at the top level and up to two levels below it (pino's wildcards reach one level each).
 * An error goes under the name `err`, without the values of a query that failed.
 *
 * @param destination where lines go instead of standard output (tests read them back)
 */
export function createLog(service: string, level: LogLevel, destination?: DestinationStream): Log {
  const options = {
    level,
    base: { service },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: describeError },
    redact: {
      paths: SECRETS.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]),
      censor: '[redacted]',
    },
  };
  // Written at once: the last lines of a process that stops are those one wants, and in their order.
  return pino(options, destination ?? pino.destination({ fd: 1, sync: true }));
}
