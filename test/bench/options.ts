import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { GATEWAYS, MODES } from './gateways.ts';
import { WORKLOADS } from './workloads/all.ts';

/** What `npm run bench` is asked for. */
export interface Options {
  readonly isHelp: boolean;
  readonly isChecking: boolean;
  readonly isFull: boolean;
  /** The file that the tables are written to as well. */
  readonly markdown: string | undefined;
  /** A revision of ours. */
  readonly compare: string | undefined;
  /** Names of `WORKLOADS`. */
  readonly profile: readonly string[] | undefined;
  /** Names of `LOADS`. */
  readonly workloads: readonly string[] | undefined;
  /** Names of `GATEWAYS`. */
  readonly gateways: readonly string[] | undefined;
  readonly rounds: number;
  /** Undefined where the workload is to say it. */
  readonly seconds: number | undefined;
  readonly connections: number;
  readonly reloads: number;
  readonly isVarying: boolean;
  readonly delayMs: number;
}

/** A command line that cannot be carried out; the message is all there is to say. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What can stand after `--workload`, and what it is. */
export const LOADS: ReadonlyMap<string, string> = new Map([
  ['w1', 'wide: four subgraphs, 16 fetches, an answer of 85 kB'],
  ['w2', 'small: two subgraphs, two fetches in sequence'],
  ['one', 'w1 and w2 from one connection'],
  ['cold', '5,000 distinct operations, once each'],
  ['large', 'an answer of 8 MB'],
  ['cached', 'w1 and w2 from the cache, and what that costs when everything misses'],
  ['hot', 'constant traffic beside cold operations'],
  ['guard', 'w2 with the whole guard on, against none of it (ours alone)'],
  [
    'adversarial',
    'constant traffic beside attacks, one kind after the other (ours alone; by default tributary nd guarded)',
  ],
  ['proxy', 'bodies of 1 KB, 10 MB and 1 GB through routes of ours, NGINX and @fastify/http-proxy'],
  ['replicas', 'constant traffic to two replicas, of which one becomes twenty times slower (ours alone)'],
  ['policies', 'w1 and w2 with balance, breaker, retry and deadline, and without (ours alone)'],
  ['telemetry', 'w1 and w2 with log, metrics and traces of each hundredth request, and without (ours alone)'],
  ['reload', 'constant traffic while the graph changes (ours alone; by default tributary nd)'],
  [
    'soak',
    'constant traffic for long, and what is held in memory after each minute (ours alone; by default tributary requests)',
  ],
  ['soak all', 'the same with all features on, replicas that fail, other graphs, and attacks beside it (ours alone)'],
]);

/** What goes with what is asked for: a number that nobody looks at is a measurement of something else. */
const MEASURING = ['gateways', 'rounds', 'seconds', 'connections', 'markdown'];
const GOES_WITH: ReadonlyMap<string, readonly string[]> = new Map([
  ['--compare', ['compare', 'workload', ...MEASURING]],
  ['--profile', ['profile', 'gateways', 'seconds', 'connections', 'markdown']],
  ['--workload or --gateways', ['check', 'workload', 'reloads', 'vary', 'delay', ...MEASURING]],
  ['the short and the long form', ['check', 'full', 'markdown']],
]);

const OURS_ALONE: ReadonlySet<string> = new Set(['adversarial', 'guard', 'reload', 'soak']);

/** They say themselves what is measured. */
const WITH_THEIR_OWN: ReadonlySet<string> = new Set(['policies', 'telemetry', 'proxy', 'replicas', 'soak all']);

const list = (entries: Iterable<readonly [string, string]>) =>
  [...entries].map(([name, what]) => `    ${name.padEnd(28)}${what}`).join('\n');

/** What `--help` prints. */
export const USAGE = `Usage: npm run bench -- [options]

Without --workload, --gateways, --compare or --profile: the short form, about ten minutes, and a table against the targets.
Its rounds and seconds, and those of the long form, are fixed.

  --check               end with 1 when a must is missed or not measured, when a request to ours failed, or when something grew
  --full                the long form, about an hour
  --markdown FILE       write the tables there too
  --workload NAMES      only these, separated by commas:
${list(LOADS)}
  --gateways NAMES      only these, separated by commas:
${[...GATEWAYS.keys()].map((name) => `    ${name}`).join('\n')}
  --rounds N            each measures every gateway once (default: 3)
  --seconds N           of load in a round, of quiet before reloads, of the whole soak (default: 4; soak: 60)
  --connections N       of the closed-loop load (default: 50)
  --reloads N           of workload reload (default: 200)
  --vary                every answer of a subgraph differs from the last
  --delay MS            subgraphs wait (default: 0)
  --compare REV         this working tree and another revision of ours, in turns, on w1 and w2
  --profile NAMES       ours under V8's profiler: the largest shares of its main thread
  --help

docs/benchmarks.md says what is measured, and how.`;

/** Reads a command line. @throws {UsageError} */
export function readOptions(args: readonly string[]): Options {
  const values = parse(args);
  if (!values.help) checkTogether(values);
  const profile = readNames('profile', values.profile, [...WORKLOADS.keys()]);
  const known = values.compare === undefined ? [...LOADS.keys()] : [...WORKLOADS.keys()];
  const workloads = readNames('workload', values.workload, known);
  const own = workloads?.find((name) => WITH_THEIR_OWN.has(name));
  if (own !== undefined && values.gateways !== undefined)
    throw new UsageError(`--gateways: does not go with ${own}, which has its own`);
  const isOurs =
    profile !== undefined || values.compare !== undefined || workloads?.some((name) => OURS_ALONE.has(name)) === true;
  return {
    isHelp: values.help,
    isChecking: values.check,
    isFull: values.full,
    markdown: readTarget(values.markdown),
    compare: values.compare,
    profile,
    workloads,
    gateways: readNames('gateways', values.gateways, [...(isOurs ? MODES : GATEWAYS).keys()]),
    rounds: readNumber('rounds', values.rounds ?? '3', 1),
    seconds: values.seconds === undefined ? undefined : readNumber('seconds', values.seconds, 1),
    connections: readNumber('connections', values.connections ?? '50', 1),
    reloads: readNumber('reloads', values.reloads ?? '200', 2),
    isVarying: values.vary,
    delayMs: readNumber('delay', values.delay ?? '0', 0),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        help: { type: 'boolean', default: false },
        check: { type: 'boolean', default: false },
        full: { type: 'boolean', default: false },
        markdown: { type: 'string' },
        compare: { type: 'string' },
        profile: { type: 'string' },
        workload: { type: 'string' },
        gateways: { type: 'string' },
        rounds: { type: 'string' },
        seconds: { type: 'string' },
        connections: { type: 'string' },
        reloads: { type: 'string' },
        vary: { type: 'boolean', default: false },
        delay: { type: 'string' },
      },
    }).values;
  } catch (error) {
    // `parseArgs` explains at length how such an argument could be meant after all.
    const [what = ''] = (error as Error).message.split(/[.\n]/);
    throw new UsageError(what, { cause: error });
  }
}

function checkTogether(values: ReturnType<typeof parse>): void {
  const { compare, profile, workload, gateways } = values;
  const asked =
    (compare !== undefined && '--compare') ||
    (profile !== undefined && '--profile') ||
    ((workload ?? gateways) !== undefined && '--workload or --gateways') ||
    'the short and the long form';
  const stray = Object.entries(values).find(
    ([name, value]) => value !== undefined && value !== false && GOES_WITH.get(asked)?.includes(name) !== true,
  );
  if (stray !== undefined) throw new UsageError(`--${stray[0]}: does not go with ${asked}`);
}

/** Before anything is measured: a long form takes an hour. */
function readTarget(file: string | undefined): string | undefined {
  if (file !== undefined && !existsSync(dirname(resolve(file))))
    throw new UsageError(`--markdown: there is no folder ${dirname(file)}`);
  return file;
}

function readNames(option: string, text: string | undefined, known: readonly string[]): readonly string[] | undefined {
  const names = text?.split(',').map((name) => name.trim());
  const unknown = names?.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new UsageError(`--${option}: there is no "${unknown}" here; there are ${known.join(', ')}`);
  return names;
}

function readNumber(option: string, text: string, least: number): number {
  const number = Number(text);
  if (text.trim() === '' || !Number.isInteger(number) || number < least)
    throw new UsageError(`--${option}: must be a whole number from ${least}, not "${text}"`);
  return number;
}
