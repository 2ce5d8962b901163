import { LRUCache } from 'lru-cache';
import { addCounts, type Counts, noCounts } from './counts.ts';
import { quantile } from './latency.ts';
import type { PlacedReport } from './live-report.ts';
import { TimeSlots } from './time-slots.ts';

/** What some requests came to. */
export interface Figures {
  readonly requestsPerSecond: number;
  /** In milliseconds; null where there was no request. */
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  /** Parts of all requests, 0 to 1; null where there was none. */
  readonly errorRatio: number | null;
  readonly cachedRatio: number | null;
}

/** What the gateways of a variant did in the last minutes. */
export interface Live {
  /** How many have reported within the last seconds. */
  readonly gateways: number;
  /** The whole time, as far as it is known, and in spans of five seconds, the oldest first. */
  readonly total: Figures;
  readonly series: readonly (Figures & { readonly at: Date })[];
  /** Those that were asked for most first. */
  readonly operations: readonly (Figures & {
    readonly name: string | null;
    readonly hash: string;
    readonly requests: number;
  })[];
}

/** The numbers of the last quarter of an hour, in memory. */
export interface LiveNumbers {
  add(report: PlacedReport): void;
  /** @param minutes 1 to 15 */
  read(graphId: string, variant: string, minutes: number): Live;
}

export const LONGEST_MINUTES = 15;
/** A gateway that has not reported for so long has stopped: three reports. */
const HEARD_OF_WITHIN_MS = 15_000;
const STEP_MS = 5_000;
const MINUTE_MS = 60_000;
/** Most variants, gateways of a variant, and operations of a variant in a minute: some 250 MB when all of them are there. */
const MOST = { variants: 50, gateways: 1_000, operations: 200 } as const;

/** All operations together have the empty key, those beyond the most that are told apart this one. */
const OTHER_KEY = keyOf({ name: 'other', hash: '' });

interface VariantNumbers {
  readonly gateways: LRUCache<string, number>;
  readonly steps: TimeSlots;
  readonly minutes: TimeSlots;
  /** When the first report began, in milliseconds. */
  since: number;
}

/** Sums up what gateways report. Nothing of it is kept beyond the process: it is about now. */
export function createLiveNumbers({ now }: { readonly now: () => Date }): LiveNumbers {
  const variants = new LRUCache<string, VariantNumbers>({ max: MOST.variants });

  function numbersOf(ref: string, since: number): VariantNumbers {
    const known = variants.get(ref);
    if (known !== undefined) return known;
    const numbers = {
      gateways: new LRUCache<string, number>({ max: MOST.gateways }),
      steps: new TimeSlots({ widthMs: STEP_MS, kept: (LONGEST_MINUTES + 1) * 12, maxKeys: 1 }),
      minutes: new TimeSlots({ widthMs: MINUTE_MS, kept: LONGEST_MINUTES + 1, maxKeys: MOST.operations }),
      since,
    };
    variants.set(ref, numbers);
    return numbers;
  }

  return {
    add: ({ graph, variant, instance, seconds, operations }) => {
      const to = now().getTime();
      const from = to - seconds * 1_000;
      const numbers = numbersOf(refOf(graph, variant), from);
      numbers.gateways.set(instance, to);
      for (const operation of operations) {
        numbers.steps.add('', '', operation, from, to);
        numbers.minutes.add(keyOf(operation), OTHER_KEY, operation, from, to);
      }
    },
    read: (graphId, variant, minutes) => {
      const numbers = variants.peek(refOf(graphId, variant));
      if (numbers === undefined) return { gateways: 0, total: toFigures(noCounts(), 1), series: [], operations: [] };
      const time = now().getTime();
      // What is of the last seconds is still to be reported.
      const until = Math.floor(time / STEP_MS) * STEP_MS - STEP_MS;
      const from = Math.max(until - minutes * MINUTE_MS, Math.floor(numbers.since / STEP_MS) * STEP_MS);
      const steps = new Map([...numbers.steps.between(from, until)].map(({ at, byKey }) => [at, byKey.get('')]));
      const total = noCounts();
      for (const counts of steps.values()) if (counts !== undefined) addCounts(total, counts);
      return {
        gateways: [...numbers.gateways.values()].filter((at) => time - at < HEARD_OF_WITHIN_MS).length,
        total: toFigures(total, Math.max(STEP_MS, until - from) / 1_000),
        series: stepsBetween(from, until).map((at) => ({
          ...toFigures(steps.get(at) ?? noCounts(), STEP_MS / 1_000),
          at: new Date(at),
        })),
        operations: sumOperations(numbers, time, minutes),
      };
    },
  };
}

/** The current minute is a part of one: the others before it make up for that. */
function sumOperations({ minutes: slots, since }: VariantNumbers, time: number, minutes: number): Live['operations'] {
  const from = Math.floor(time / MINUTE_MS) * MINUTE_MS - (minutes - 1) * MINUTE_MS;
  const sums = new Map<string, Counts>();
  for (const { byKey } of slots.between(from, time)) {
    for (const [key, counts] of byKey) {
      const sum = sums.get(key) ?? noCounts();
      addCounts(sum, counts);
      sums.set(key, sum);
    }
  }
  const seconds = Math.max(STEP_MS, time - Math.max(from, since)) / 1_000;
  return [...sums]
    .map(([key, counts]) => {
      const [hash, name] = JSON.parse(key) as [string, string | null];
      return { ...toFigures(counts, seconds), name, hash, requests: Math.round(counts.requests) };
    })
    .sort((a, b) => b.requests - a.requests);
}

function toFigures({ requests, errors, cached, latency }: Counts, seconds: number): Figures {
  const part = (count: number) => (requests > 0 ? Math.min(1, count / requests) : null);
  return {
    requestsPerSecond: requests / seconds,
    p50Ms: quantile(latency, 0.5),
    p99Ms: quantile(latency, 0.99),
    errorRatio: part(errors),
    cachedRatio: part(cached),
  };
}

function stepsBetween(from: number, until: number): number[] {
  return Array.from(
    { length: Math.max(0, Math.round((until - from) / STEP_MS)) },
    (_, index) => from + index * STEP_MS,
  );
}

function keyOf({ name, hash }: { readonly name: string | null; readonly hash: string }): string {
  return JSON.stringify([hash, name]);
}

const refOf = (graphId: string, variant: string) => `${graphId}@${variant}`;
