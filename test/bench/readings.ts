import { medianOf } from './percentiles.ts';

/** One number that was measured: of which gateway, under which load. */
export interface Reading {
  /** The workload and how it was set: `w1`, `w1 vary`, `cold`, … */
  readonly load: string;
  readonly gateway: string;
  /** What was measured; the unit stands in the name. */
  readonly measure: Measured;
  readonly value: number;
}

/** In the order of the columns. */
export const MEASURES = [
  'req/s',
  'sent/s',
  'p50 ms',
  'p99 ms',
  'p99/p50',
  'one connection p50 ms',
  'fetches/req',
  'CPU ms/req',
  'Redis calls/req',
  'signatures seen',
  'gateway core %',
  'load core %',
  'subgraphs %',
  'MB/s',
  'RSS MB',
  'RSS MB before',
  'RSS MB most',
  'RSS MB after',
  'growth × answer',
  'quiet p50 ms',
  'quiet p90 ms',
  'quiet p99 ms',
  'quiet max ms',
  'beside p50 ms',
  'beside p90 ms',
  'beside p99 ms',
  'beside max ms',
  'slow one %',
  'attack p99 ms',
  'cold p50 ms',
  'cold p99 ms',
  'reloading p50 ms',
  'reloading p90 ms',
  'reloading p99 ms',
  'reloading max ms',
  'ms/reload',
  'threads before',
  'threads after',
  'sockets before',
  'sockets after',
  'heap MB before',
  'heap MB after',
  'planner heap MB before',
  'planner heap MB after',
  'map entries before',
  'map entries after',
  'failures',
] as const;

export type Measured = (typeof MEASURES)[number];

/** All that was measured in a run, in order. */
export interface Readings {
  add(load: string, gateway: string, values: Partial<Record<Measured, number>>): void;
  /** In the order of the rounds. */
  all(load: string, gateway: string, measure: Measured): readonly number[];
  /** The median; undefined when it was not measured. */
  get(load: string, gateway: string, measure: Measured): number | undefined;
  gateways(load: string): readonly string[];
  loads(): readonly string[];
}

export function createReadings(): Readings {
  const readings: Reading[] = [];
  const all: Readings['all'] = (load, gateway, measure) =>
    readings
      .filter((reading) => reading.load === load && reading.gateway === gateway && reading.measure === measure)
      .map(({ value }) => value);
  return {
    add: (load, gateway, values) => {
      for (const [measure, value] of Object.entries(values) as [Measured, number][])
        readings.push({ load, gateway, measure, value });
    },
    all,
    get: (load, gateway, measure) => {
      const values = all(load, gateway, measure);
      return values.length === 0 ? undefined : medianOf(values);
    },
    gateways: (load) => [...new Set(readings.filter((reading) => reading.load === load).map(({ gateway }) => gateway))],
    loads: () => [...new Set(readings.map(({ load }) => load))],
  };
}
