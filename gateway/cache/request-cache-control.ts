import { readDirectives } from './directives.ts';

/** What a client wants of the cache (RFC 9111, 5.2.1). */
export interface CacheWish {
  /** Whether what is stored may answer. Not with `no-cache` or `no-store`. */
  readonly mayRead: boolean;
  /** Whether the answer may be stored. Not with `no-store`. */
  readonly mayStore: boolean;
  /** Nothing that is older answers, in milliseconds. Infinity when it is not said. */
  readonly maxAgeMs: number;
  /** Whether nothing is fetched: what is not stored is 504. */
  readonly isOnlyIfCached: boolean;
}

const ANYTHING: CacheWish = {
  mayRead: true,
  mayStore: true,
  maxAgeMs: Number.POSITIVE_INFINITY,
  isOnlyIfCached: false,
};

/** Reads a client's `cache-control`, or its `pragma` when it has none. What is malformed is taken for `no-cache`: it asks for care. */
export function readCacheWish(header: string | readonly string[] | undefined, pragma?: string): CacheWish {
  if (header === undefined)
    return pragma?.trim().toLowerCase() === 'no-cache' ? { ...ANYTHING, mayRead: false } : ANYTHING;
  const directives = readDirectives(header);
  if (directives === undefined) return { ...ANYTHING, mayRead: false };
  const mayStore = !directives.has('no-store');
  const maxAge = directives.get('max-age');
  const isAge = typeof maxAge === 'string' && /^\d+$/.test(maxAge);
  const isMalformed = maxAge !== undefined && !isAge;
  return {
    mayRead: mayStore && !directives.has('no-cache') && !isMalformed,
    mayStore,
    maxAgeMs: isAge ? Number(maxAge) * 1_000 : Number.POSITIVE_INFINITY,
    isOnlyIfCached: directives.has('only-if-cached'),
  };
}
