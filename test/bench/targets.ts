import type { Measured } from './readings.ts';

/** What we aim at: one number of ours, alone or against the same number of another gateway in the same run. */
export interface Target {
  readonly load: string;
  /** What it claims, in words. */
  readonly claim: string;
  readonly gateway: string;
  readonly measure: Measured;
  /** The best of these is compared with; nothing: the number itself is judged. */
  readonly against?: readonly string[];
  /** Compared with another measure of the same gateway: `times` or `plus`. */
  readonly beside?: { readonly measure: Measured; readonly by: 'times' | 'plus' };
  readonly want: 'at least' | 'at most';
  readonly must: number;
  readonly goal?: number;
}

const ND = 'tributary nd';
const DEFAULT = 'tributary';
const REQUESTS = 'tributary requests';
const [UNGUARDED, GUARDED, GUARDED_CALLS] = [
  'tributary nd unguarded',
  'tributary nd guarded',
  'tributary nd guarded calls',
] as const;
/** Rust planner and client requests merged: what its makers publish. */
const HIVE_BEST = ['hive rust-planner requests'];
const GRAFBASE_ANY = ['grafbase nd', 'grafbase'];

type Pair = readonly [must: number, goal: number];

const rate = (
  load: string,
  claim: string,
  gateway: string,
  against: readonly string[],
  [must, goal]: Pair,
): Target => ({
  load,
  claim,
  gateway,
  measure: 'req/s',
  against,
  want: 'at least',
  must,
  goal,
});

/** A row of the table holds for constant answers and for those that differ each time. */
const rateAlsoVarying = (load: string, ...rest: [string, string, readonly string[], Pair]): readonly Target[] => [
  rate(load, ...rest),
  rate(`${load} vary`, ...rest),
];

const NOTHING_SHARED = 'nothing shared';
const WORK_SHARED = 'calls and work shared';
const REQUESTS_MERGED = 'client requests merged';

const common = (load: string, oneConnection: Pair, megabytes: number): readonly Target[] => [
  {
    load,
    claim: 'one connection',
    gateway: DEFAULT,
    measure: 'one connection p50 ms',
    against: GRAFBASE_ANY,
    want: 'at most',
    must: oneConnection[0],
    goal: oneConnection[1],
  },
  { load, claim: 'p99/p50, nothing shared', gateway: ND, measure: 'p99/p50', want: 'at most', must: 4, goal: 2.5 },
  ...[ND, DEFAULT].map(
    (gateway): Target => ({
      load,
      claim: 'memory after load, MB',
      gateway,
      measure: 'RSS MB',
      want: 'at most',
      must: megabytes,
    }),
  ),
];

const besideCold = (load: string, by: 'times' | 'plus', must: number): Target => ({
  load,
  claim: by === 'times' ? 'hot p99 beside cold operations, × quiet' : 'hot p99 beside cold operations, ms over quiet',
  gateway: ND,
  measure: 'beside p99 ms',
  beside: { measure: 'quiet p99 ms', by },
  want: 'at most',
  must,
});

/** So much a main thread's heap may have grown: of 200 graphs that were not forgotten, each would take ten times its share of it. */
const HEAP_MB = 5;

/**
 * Judged where the gateway has its core and they have theirs, so that it is the gateway that is judged. On two cores the thread that
 * reads the new graph also takes from subgraphs and load: reported.
 */
const reloading = (load: string): readonly Target[] => [
  {
    load,
    claim: 'p99 while the graph changes, × quiet',
    gateway: ND,
    measure: 'reloading p99 ms',
    beside: { measure: 'quiet p99 ms', by: 'times' },
    want: 'at most',
    must: 2,
  },
  ...(
    [
      ['threads more than before', 'threads', 0],
      ['sockets more than before', 'sockets', 0],
      ['heap after collection, MB more than before', 'heap MB', HEAP_MB],
    ] as const
  ).map(
    ([claim, measure, must]): Target => ({
      load,
      claim,
      gateway: ND,
      measure: `${measure} after`,
      beside: { measure: `${measure} before`, by: 'plus' },
      want: 'at most',
      must,
    }),
  ),
];

/** A hit against stock's computing, and what is left of throughput when everything misses; each in memory, and in Redis on loopback. */
const caching = (workload: string, hit: readonly [number, number], missed: readonly [number, number]) => {
  const [hitLoad, missedLoad] = [`${workload} cached`, `${workload} missed`];
  const from = 'a whole response that is kept';
  const cost = 'everything misses the cache';
  return [
    rate(hitLoad, from, 'tributary l1', ['stock'], [hit[0], hit[0]]),
    rate(hitLoad, from, 'tributary redis', ['stock'], [hit[1], hit[1]]),
    rate(missedLoad, cost, 'tributary nd l1', [ND], [missed[0], missed[0]]),
    rate(missedLoad, cost, 'tributary nd redis', [ND], [missed[1], missed[1]]),
  ];
};

/** What is left of throughput with the whole guard on, and how it is come by. */
const guarding: readonly Target[] = [
  rate('guard', 'the whole guard on, budgets from slices', GUARDED, [UNGUARDED], [0.75, 0.75]),
  rate('guard', 'the whole guard on, a call to Redis for each request', GUARDED_CALLS, [UNGUARDED], [0.6, 0.6]),
  ...[GUARDED, GUARDED_CALLS].map(
    (gateway): Target => ({
      load: 'guard',
      claim: 'signatures checked of tokens seen before',
      gateway,
      measure: 'signatures seen',
      want: 'at most',
      must: 0,
    }),
  ),
  {
    load: 'guard',
    claim: 'each request is charged in Redis',
    gateway: GUARDED_CALLS,
    measure: 'Redis calls/req',
    want: 'at least',
    must: 1,
  },
];

/** The table of the performance targets, and what the engine is to do with cold operations and large answers. */
export const TARGETS: readonly Target[] = [
  ...rateAlsoVarying('w1', NOTHING_SHARED, ND, ['stock'], [7, 10]),
  ...rateAlsoVarying('w1', NOTHING_SHARED, ND, ['grafbase nd'], [1.1, 1.4]),
  ...rateAlsoVarying('w1', WORK_SHARED, DEFAULT, ['stock'], [30, 60]),
  ...rateAlsoVarying('w1', WORK_SHARED, DEFAULT, ['grafbase'], [2, 3.5]),
  rate('w1', REQUESTS_MERGED, REQUESTS, ['stock'], [90, 150]),
  rate('w1', REQUESTS_MERGED, REQUESTS, HIVE_BEST, [3, 5]),
  ...common('w1', [1.1, 0.9], 250),
  ...rateAlsoVarying('w2', NOTHING_SHARED, ND, ['stock'], [9, 15]),
  ...rateAlsoVarying('w2', NOTHING_SHARED, ND, ['grafbase nd'], [1.2, 1.8]),
  ...rateAlsoVarying('w2', NOTHING_SHARED, ND, ['mercurius jit nd'], [1.1, 1.6]),
  ...rateAlsoVarying('w2', WORK_SHARED, DEFAULT, ['stock'], [16, 28]),
  ...rateAlsoVarying('w2', WORK_SHARED, DEFAULT, ['grafbase'], [1.3, 2]),
  rate('w2', REQUESTS_MERGED, REQUESTS, ['stock'], [20, 35]),
  rate('w2', REQUESTS_MERGED, REQUESTS, HIVE_BEST, [5, 8]),
  ...common('w2', [1, 0.8], 200),
  { ...rate('cold', 'operations not seen before', DEFAULT, ['stock'], [1, 1]) },
  { ...rate('large', 'an answer of 8 MB', ND, ['stock'], [4, 4]) },
  {
    load: 'large',
    claim: 'memory of an answer of 8 MB, × its size',
    gateway: ND,
    measure: 'growth × answer',
    want: 'at most',
    must: 10,
  },
  besideCold('hot on two cores', 'times', 2),
  besideCold('hot on one core', 'plus', 10),
  ...reloading('reload on one core'),
  ...caching('w1', [170, 35], [0.9, 0.9]),
  ...caching('w2', [30, 18], [0.9, 0.5]),
  ...guarding,
];
