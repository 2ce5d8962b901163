import { type DestinationStream, type Logger, pino } from 'pino';
import { describeError } from './error-description.ts';
import { standardOutput } from './log-output.ts';

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

/**
 * Writes lines of its own at level `info` to where a log goes, when they are made already: for what happens with every request, where looking
 * for secrets and putting the line together takes longer than all else. Nothing in them may be a secret.
 *
 * @returns takes the end of a line: `,"name":value…`
 */
export function createLineWriter(log: Log): (fields: string) => void {
  const { streamSym } = pino.symbols as unknown as { readonly streamSym: keyof Log };
  const stream = log[streamSym] as DestinationStream;
  const bindings = JSON.stringify(log.bindings()).slice(1, -1);
  const rest = bindings === '' ? '' : `,${bindings}`;
  let second = 0;
  let upToSecond = '';
  return (fields) => {
    const now = Date.now();
    // As `toISOString` has it, which takes as long as all of the rest.
    if (now - second >= 1_000 || now < second) {
      second = now - (now % 1_000);
      upToSecond = new Date(second).toISOString().slice(0, 20);
    }
    const ms = String(now - second).padStart(3, '0');
    stream.write(`{"level":"info","time":"${upToSecond}${ms}Z"${rest}${fields}}\n`);
  };
}
