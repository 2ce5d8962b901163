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
    ...FORMAT,
    level,
    base: { service },
    redact: {
      paths: SECRETS.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]),
      censor: '[redacted]',
    },
  };
  return pino(options, destination ?? standardOutput());
}

const FORMAT = {
  timestamp: () => `,"time":"${new Date().toISOString()}"`,
  formatters: { level: (label: string) => ({ level: label }) },
  serializers: { err: describeError },
};

/** The same log for lines in which nothing can be a secret: looking for them takes longer than writing a line. */
export function withoutRedaction(log: Log): Log {
  const { streamSym } = pino.symbols as unknown as { readonly streamSym: keyof Log };
  return pino({ ...FORMAT, level: log.level, base: log.bindings() }, log[streamSym] as DestinationStream);
}

/** Lines that wait for whoever reads them take so many bytes at most. */
const MOST_WAITING_BYTES = 8_000_000;

let output: ReturnType<typeof pino.destination> | undefined;
let dropped = 0;

/**
 * One for all logs of a process. It does not wait for whoever reads it: what cannot be written waits, and is dropped when too much does. The
 * last lines are written before the process ends.
 */
function standardOutput(): DestinationStream {
  if (output === undefined) {
    output = pino.destination({ fd: 1, sync: false, maxLength: MOST_WAITING_BYTES });
    output.on('drop', () => void dropped++);
  }
  return output;
}

/** How many lines were dropped so far. */
export function droppedLines(): number {
  return dropped;
}
