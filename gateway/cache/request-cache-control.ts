import { readDirectives } from './directives.ts';

/** What a client wants of the cache (RFC 9111, 5.2.1). */
export interface CacheWish {
  /** Whether what is stored may answer. Not with `no-cache` or `no-store`. */
  readonly mayRead: boolean;
  /** Whether the answer may be stored. Not with `no-store`. */
  readonly mayStore: boolean;
  /** Whether what another is asking for may answer. Not with a `max-age`, either: parts of it may be older. */
  readonly mayJoin: boolean;
  /** Nothing that is older answers, in milliseconds. Infinity when it is not said. */
  readonly maxAgeMs: number;
  /** Whether nothing is fetched: what is not stored is 504. */
  readonly isOnlyIfCached: boolean;
}

const ANYTHING: CacheWish = {
  mayRead: true,
  mayStore: true,
  mayJoin: true,
  maxAgeMs: Number.POSITIVE_INFINITY,
  isOnlyIfCached: false,
};

/** Of who wants an answer that nobody has yet. */
const ANEW = { mayRead: false, mayJoin: false } as const;

/** Reads a client's `cache-control`, or its `pragma` when it has none. What is malformed is taken for `no-cache`: it asks for care. */
export function readCacheWish(header: string | readonly string[] | undefined, pragma?: string): CacheWish {
  if (header === undefined) return pragma?.trim().toLowerCase() === 'no-cache' ? { ...ANYTHING, ...ANEW } : ANYTHING;
  const directives = readDirectives(header);
  if (directives === undefined) return { ...ANYTHING, ...ANEW };
  const mayStore = !directives.has('no-store');
  const maxAge = directives.get('max-age');
  const isAge = typeof maxAge === 'string' && /^\d+$/.test(maxAge);
  const isMalformed = maxAge !== undefined && !isAge;
  const mayRead = mayStore && !directives.has('no-cache') && !isMalformed;
  return {
    mayRead,
    mayStore,
    mayJoin: mayRead && maxAge === undefined,
    maxAgeMs: isAge ? Number(maxAge) * 1_000 : Number.POSITIVE_INFINITY,
    isOnlyIfCached: directives.has('only-if-cached'),
  };
}
