import { z } from 'zod';
import { LATENCY_BUCKETS } from './latency.ts';

/** Bounds of one report: what exceeds them is refused whole. */
export const LIVE_BOUNDS = {
  /** A hundred, and the others together. */
  operations: 101,
  /** Characters of the name of an operation, of its hash, and of what a gateway calls itself. */
  name: 255,
  hash: 64,
  instance: 100,
  /** Of what one report may tell of, in seconds. */
  seconds: 60,
} as const;

const count = z.int().min(0).max(1_000_000_000);

const operation = z.object({
  /** None for one without; `other` with an empty hash for those that have no place of their own. */
  name: z.string().max(LIVE_BOUNDS.name).nullable(),
  hash: z.string().max(LIVE_BOUNDS.hash),
  requests: count,
  /** Those that had an error in their answer. */
  errors: count,
  /** Those that were answered from the response cache. */
  cached: count,
  /** How many took how long: bucket `i` is of those up to `0.1 ms * 2 ** (i / 2)`, the last of all above. What is left out at the end is 0. */
  latency: z.array(count).max(LATENCY_BUCKETS),
});

/** What a gateway sends every 5 s (`POST /live`): what it answered since its last report. */
export const liveReportSchema = z.object({
  /** Of the gateway, drawn by it at its start: as in its usage reports. */
  instance: z.string().min(1).max(LIVE_BOUNDS.instance),
  /** Of which graph and variant; without, that of the key, or of the last usage report of this instance. */
  graph: z.string().max(64).optional(),
  variant: z.string().max(64).optional(),
  /** How long this report is of. */
  seconds: z.number().positive().max(LIVE_BOUNDS.seconds),
  /** Each at most once. */
  operations: z.array(operation).max(LIVE_BOUNDS.operations),
});

export type LiveReport = z.infer<typeof liveReportSchema>;

/** What a gateway counted of one operation. */
export type LiveOperation = LiveReport['operations'][number];

/** A report that is known to be of a variant. */
export interface PlacedReport extends LiveReport {
  readonly graph: string;
  readonly variant: string;
}
