import type { RequestRecord } from '../request-record.ts';

/** What came of the requests of one operation, since it was told last. */
export interface LiveCount {
  /** `null` for one without; `other` with an empty hash for those that have no place of their own. */
  readonly name: string | null;
  readonly hash: string;
  requests: number;
  /** Those that had an error in their answer. */
  errors: number;
  /** Those that were answered from the response cache. */
  cached: number;
  /** How many took how long: bucket `i` is of those up to `0.1 ms * 2 ** (i / 2)`, the last of all above. */
  readonly latency: number[];
}

export interface LiveCounter {
  /** On the way of every request, when it has ended. */
  count(record: RequestRecord): void;
  /** What was counted since it was taken last; it starts anew. */
  take(): readonly LiveCount[];
}

const BUCKETS = 42;
const FIRST_MS = 0.1;
/** Most operations that are told apart in one report. */
const MOST = 100;
const MOST_CHARACTERS = 255;
const OTHER = '';

/** Counts requests by operation, for those who look on now. Requests of no operation are none of the graph, and not counted. */
export function createLiveCounter(): LiveCounter {
  let counts = new Map<string, LiveCount>();

  function find(hash: string, name: string | undefined): LiveCount {
    const known = counts.get(hash);
    if (known !== undefined) return known;
    if (hash !== OTHER && counts.size >= MOST) return find(OTHER, 'other');
    const made = {
      ...{ name: name?.slice(0, MOST_CHARACTERS) ?? null, hash, requests: 0, errors: 0, cached: 0 },
      latency: new Array<number>(BUCKETS).fill(0),
    };
    counts.set(hash, made);
    return made;
  }

  return {
    count: ({ operation, codes, cache, begun, ended }) => {
      if (operation === undefined) return;
      const count = find(operation.hash, operation.name);
      count.requests++;
      if (codes.length > 0) count.errors++;
      if (cache === 'hit' || cache === 'stale' || cache === 'stale for an error') count.cached++;
      const bucket = Math.ceil(2 * Math.log2((ended - begun) / FIRST_MS));
      const index = Math.min(BUCKETS - 1, Math.max(0, bucket));
      count.latency[index] = (count.latency[index] ?? 0) + 1;
    },
    take: () => {
      const taken = [...counts.values()];
      counts = new Map();
      return taken;
    },
  };
}
