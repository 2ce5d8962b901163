/** A metric: what `docs/metrics.md` says of it, and what it is made of. */
export interface MetricDefinition {
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** Begins with a capital and ends without a full stop, as Prometheus shows it. */
  readonly help: string;
  readonly labels: readonly string[];
  readonly buckets?: readonly number[];
  /** How a gauge of several processes becomes one; by default they are added up. */
  readonly aggregator?: 'first' | 'min' | 'max' | 'average';
}

/** Metrics by their names. These follow Prometheus: units in them, counters end with `_total`. No label has a value of a client's choice. */
export type MetricTable = Readonly<Record<string, MetricDefinition>>;

/** Buckets of durations, in seconds: from what a cache answers to what a patient client waits for. */
export const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
