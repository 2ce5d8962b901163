import { BALANCED, BARE, GOVERNED, policiesLoad } from './policies.ts';
import { GUARDED_PROXY, PROXY } from './proxies.ts';
import { REPLICAS_LOAD } from './replicas.ts';
import type { Target } from './targets.ts';
import { QUIET, TOLD, telemetryLoad } from './told.ts';

/** So much more memory a gigabyte may take that goes by: what is under way in pieces, and garbage that is not collected yet. */
const PASSING_MB = 64;

const passing = ['down', 'up'].flatMap((direction) =>
  [PROXY, GUARDED_PROXY].map(
    (gateway): Target => ({
      load: `proxy 1 GB ${direction}`,
      claim: 'most memory while it passes, MB over before',
      gateway,
      measure: 'RSS MB most',
      beside: { measure: 'RSS MB before', by: 'plus' },
      want: 'at most',
      must: PASSING_MB,
    }),
  ),
);

/** What is left of throughput with all policies before the connections. */
const governing = ['w1', 'w2'].flatMap((workload) =>
  [GOVERNED, BALANCED].map(
    (gateway): Target => ({
      load: policiesLoad(workload),
      claim: 'balance, breaker, retry and deadline on',
      gateway,
      measure: 'req/s',
      against: [BARE],
      want: 'at least',
      must: 0.95,
    }),
  ),
);

/** What is left of it with a line for each request, metrics, and traces of each hundredth. */
const telling = ['w1', 'w2'].map(
  (workload): Target => ({
    load: telemetryLoad(workload),
    claim: 'log, metrics and traces on',
    gateway: TOLD,
    measure: 'req/s',
    against: [QUIET],
    want: 'at least',
    must: 0.95,
  }),
);

/** The policy that is there when nobody says which; the other is reported. */
const slow: Target = {
  load: REPLICAS_LOAD,
  claim: 'p99, × that with two that are quick',
  gateway: 'tributary least-loaded',
  measure: 'beside p99 ms',
  beside: { measure: 'quiet p99 ms', by: 'times' },
  want: 'at most',
  must: 2,
};

/** Judged when the traffic to services is measured, and nowhere else. */
export const TRAFFIC_TARGETS: readonly Target[] = [...passing, ...governing, ...telling, slow];
