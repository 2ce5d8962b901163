import { ask } from './answers.ts';
import { type AtRest, readAtRest } from './at-rest.ts';
import { sendFor } from './constant-rate.ts';
import { MODES, ours } from './gateways.ts';
import { type Growth, HELD, type Judging, judgeGrowth } from './growth.ts';
import type { Stream, StreamResult } from './open-loop.ts';
import type { RunningProcess } from './process.ts';
import { inSession } from './session.ts';
import { brief, table } from './tables.ts';
import { coldOperations } from './workloads/cold-operations.ts';
import { SMALL_QUERY, soak } from './workloads/soak.ts';

/** Constant traffic for a long time, and what the gateway holds in between: nothing is to grow. */

export interface SoakOptions {
  /** Of traffic, in all. */
  readonly seconds: number;
  /** One of `MODES`. */
  readonly mode: string;
}

/** What a soak showed. */
export interface Soaked {
  /** Tables. */
  readonly text: string;
  /** What grew, and what failed. */
  readonly wrong: readonly string[];
}

/** What is sent to the gateway that is watched. */
export interface Traffic {
  /** Of one slice, numbered from 1. */
  streams(number: number, seconds: number): readonly Stream[];
  /** What goes on beside them, for as long. */
  beside?(number: number, seconds: number): Promise<void>;
  /** Takes what became of the streams of a slice. */
  take?(results: readonly StreamResult[]): void;
  /** How growth is judged, if not as it is of readings without attacks. */
  readonly judging?: Judging;
}

/** Requests per second. Together they keep the gateway's core about half busy. */
const RATES = { w1: 100, w2: 200, cold: 10 } as const;
/** A reading each minute; in a shorter run as many as it takes to judge. */
const SECONDS_APART = 60;
const FEWEST_READINGS = 4;
/** A tenth of the default: full after some ten seconds of cold operations, so that what is forgotten is most of what came. */
export const MEMO_BYTES = 10_000_000;

interface Slice extends AtRest {
  readonly requests: number;
  readonly failures: number;
  /** Of which streams they were. */
  readonly failing: readonly string[];
  /** The most while traffic was under way. */
  readonly loadedRssMb: number;
  readonly loadedSockets: number;
}

/** Sends W1, W2 and operations that come once, rests, reads, and so on. Returns tables, and what grew. */
export async function runSoak({ seconds, mode }: SoakOptions, tell: (what: string) => void): Promise<Soaked> {
  const found = MODES.get(mode);
  if (found === undefined) throw new TypeError(`"${mode}" is no mode of ours`);
  const environment = { GATEWAY_OPERATIONS_MEMO_BYTES: String(MEMO_BYTES) };
  const gateway = ours(mode, found, { telling: 'inside.ts', environment });
  const soaked: Soaked[] = [];
  await inSession(soak, async (session) => {
    const { process } = await session.start(gateway);
    const w1 = [await session.check(process.url, mode)];
    const w2 = [await ask(process.url, SMALL_QUERY, mode)];
    // What comes from subgraphs is new each time: nothing is kept because it was seen before.
    await session.tell('vary/on');
    const streams = (number: number, sliceSeconds: number): readonly Stream[] => [
      { name: 'w1', rate: RATES.w1, queries: [soak.query], expected: w1 },
      { name: 'w2', rate: RATES.w2, queries: [SMALL_QUERY], expected: w2 },
      coldStream(RATES.cold, number, sliceSeconds),
    ];
    soaked.push(await soakFor(seconds, process, { streams }, tell));
  });
  return { text: soaked.map(({ text }) => text).join('\n'), wrong: soaked.flatMap(({ wrong }) => wrong) };
}

/** Operations that come once. @param number another for each slice */
export function coldStream(rate: number, number: number, seconds: number): Stream {
  return { name: 'cold', rate, queries: coldOperations(Math.ceil(rate * (seconds + 2)), number), isOnce: true };
}

/** Sends to a gateway that tells, rests, reads, and so on. */
export async function soakFor(
  seconds: number,
  gateway: RunningProcess,
  traffic: Traffic,
  tell: (what: string) => void,
): Promise<Soaked> {
  const slices: Slice[] = [];
  const count = Math.max(FEWEST_READINGS, Math.ceil(seconds / SECONDS_APART));
  for (let number = 1; number <= count; number++) {
    slices.push(await runSlice(gateway, traffic, number, seconds / count));
    tell(`${number} of ${count}: ${describe(slices.at(-1))}`);
  }
  const growths = judgeGrowth(slices, traffic.judging);
  const failures = slices.reduce((sum, slice) => sum + slice.failures, 0);
  return {
    text: `${sliceTable(slices, seconds / count)}\n\n${growthTable(growths)}`,
    wrong: [
      ...(failures > 0 ? [`soak: ${failures} requests failed or were answered wrongly`] : []),
      ...slices.flatMap(({ failing }, index) => failing.map((which) => `soak, slice ${index + 1}: ${which}`)),
      ...growths
        .filter(({ isGrowing }) => isGrowing)
        .map(({ held, before, last }) => `soak: ${held} grew from ${brief(before)} to ${brief(last)}`),
    ],
  };
}

async function runSlice(gateway: RunningProcess, traffic: Traffic, number: number, seconds: number): Promise<Slice> {
  const sending = sendFor(seconds, gateway.url, traffic.streams(number, seconds));
  const loaded = { loadedRssMb: 0, loadedSockets: 0 };
  const timer = setInterval(() => {
    loaded.loadedRssMb = Math.max(loaded.loadedRssMb, gateway.memoryMb());
    loaded.loadedSockets = Math.max(loaded.loadedSockets, gateway.sockets());
  }, 1_000);
  const [streams] = await Promise.all([sending, traffic.beside?.(number, seconds)]).finally(() => clearInterval(timer));
  traffic.take?.(streams);
  const sum = (of: (stream: StreamResult) => number) => streams.reduce((total, one) => total + of(one), 0);
  return {
    ...(await readAtRest(gateway)),
    ...loaded,
    requests: sum((stream) => stream.count),
    failures: sum((stream) => stream.failures + stream.wrong),
    failing: streams.flatMap(({ name, failures, wrong, count, said }) =>
      failures + wrong === 0
        ? []
        : [`${name}: of ${count} ${failures} failed and ${wrong} were wrong; ${JSON.stringify(said)}`],
    ),
  };
}

const describe = (slice: Slice | undefined) =>
  [
    ...HELD.map(({ name, of }) => `${name} ${brief(slice?.[of])}`),
    `failures ${slice?.failures}`,
    ...(slice?.failing ?? []),
  ].join(', ');

const sliceTable = (slices: readonly Slice[], seconds: number) =>
  table(
    slices.map((slice, index) => ({
      'after s': Math.round((index + 1) * seconds),
      requests: slice.requests,
      'most RSS MB': slice.loadedRssMb,
      'most sockets': slice.loadedSockets,
      ...Object.fromEntries(HELD.map(({ name, of }) => [name, brief(slice[of])])),
      failures: slice.failures,
    })),
  );

const growthTable = (growths: readonly Growth[]) =>
  table(
    growths.map(({ held, before, last, allowed, isGrowing }) => ({
      held,
      before: brief(before),
      'last reading': brief(last),
      'may be more by': allowed,
      verdict: isGrowing ? 'GROWS' : 'does not grow',
    })),
  );
