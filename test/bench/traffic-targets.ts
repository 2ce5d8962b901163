import { GUARDED_PROXY, PROXY } from './proxies.ts';
import type { Target } from './targets.ts';

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

/** Judged when traffic in front of services is measured, and nowhere else. */
export const TRAFFIC_TARGETS: readonly Target[] = passing;
