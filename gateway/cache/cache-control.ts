import { readDirectives } from './directives.ts';

/** What an answer's headers say about keeping it (RFC 9111). */
export type CachePolicy =
  | { readonly isStorable: false; readonly reason: RefusalReason }
  | ({ readonly isStorable: true } & Lifetime);

export interface Lifetime {
  /** How long it is fresh from when it was received: its `Age` is off already. In milliseconds, more than 0. */
  readonly maxAgeMs: number;
  /** How old it was when it was received, in milliseconds. */
  readonly ageMs: number;
  /** `unsaid` is for who asked only when who asked had credentials (section 3.5). */
  readonly scope: 'public' | 'private' | 'unsaid';
  /** Whether it said that it may be given to others than who asked with credentials: by `public` or `s-maxage`. */
  readonly isShared: boolean;
  /** How long beyond that it may be given while a newer one is fetched (RFC 5861), in milliseconds. */
  readonly staleWhileRevalidateMs: number;
  /** How long beyond that it may be given when no newer one can be had (RFC 5861), in milliseconds. */
  readonly staleIfErrorMs: number;
}

/** Why an answer is not stored by what its headers say. */
export type RefusalReason =
  /** There is no `cache-control`, or no lifetime in it. */
  | 'no max-age'
  | 'no-store'
  | 'no-cache'
  /** Its lifetime is 0, or its `age` has used it up. */
  | 'expired'
  /** A directive that counts is there twice, or its value is none. */
  | 'malformed cache-control'
  | 'malformed age'
  /** `vary: *`, or by a header that is in no key (RFC 9111, 4.1). */
  | 'vary';

type Header = string | readonly string[] | undefined;

/** The headers of an answer that say whether and how long it may be kept. */
export interface PolicyHeaders {
  readonly 'cache-control'?: Header;
  readonly age?: Header;
  readonly vary?: Header;
}

/** The longest lifetime, in seconds (RFC 9111, 1.2.2). */
const LONGEST = 2 ** 31;

/**
 * Reads what an answer says. Strict: a header that is not what the grammar says is not guessed at, and what it is about not
 * stored. Directives that nobody knows mean nothing (section 5.2.3).
 */
export function readCachePolicy(headers: PolicyHeaders): CachePolicy {
  const directives = readDirectives(headers['cache-control']);
  if (directives === undefined) return refuse('malformed cache-control');
  if (directives.has('no-store')) return refuse('no-store');
  // With field names it would be storable without these fields, which no GraphQL server asks for.
  if (directives.has('no-cache')) return refuse('no-cache');
  if (toText(headers.vary).includes('*')) return refuse('vary');
  const seconds = new Map<string, number>();
  for (const name of ['max-age', 's-maxage', 'stale-while-revalidate', 'stale-if-error']) {
    const value = directives.get(name);
    if (value === undefined) continue;
    if (value === true || !/^\d+$/.test(value)) return refuse('malformed cache-control');
    seconds.set(name, Math.min(Number(value), LONGEST));
  }
  const lifetime = seconds.get('s-maxage') ?? seconds.get('max-age');
  if (lifetime === undefined) return refuse('no max-age');
  const age = readAge(headers.age);
  if (age === undefined) return refuse('malformed age');
  if (lifetime <= age) return refuse('expired');
  // Says both: what is narrower holds.
  const isPrivate = directives.has('private');
  // With `must-revalidate` or `proxy-revalidate` nothing stale is given (5.2.2.2).
  const mayBeStale = !directives.has('must-revalidate') && !directives.has('proxy-revalidate');
  const isShared = !isPrivate && (directives.has('public') || seconds.has('s-maxage'));
  return {
    isStorable: true,
    maxAgeMs: (lifetime - age) * 1_000,
    ageMs: age * 1_000,
    scope: isPrivate ? 'private' : directives.has('public') ? 'public' : 'unsaid',
    isShared,
    staleWhileRevalidateMs: mayBeStale ? (seconds.get('stale-while-revalidate') ?? 0) * 1_000 : 0,
    staleIfErrorMs: mayBeStale ? (seconds.get('stale-if-error') ?? 0) * 1_000 : 0,
  };
}

function refuse(reason: RefusalReason): CachePolicy {
  return { isStorable: false, reason };
}

/** In seconds; 0 when it is not said (RFC 9111, 5.1). */
function readAge(header: Header): number | undefined {
  if (header === undefined) return 0;
  const text = toText(header).trim();
  return /^\d+$/.test(text) ? Math.min(Number(text), LONGEST) : undefined;
}

/** Several lines of one header are one list (RFC 9110, 5.3). */
function toText(header: Header): string {
  return header === undefined ? '' : typeof header === 'string' ? header : header.join(',');
}

/** The policy of what is made of two answers: as narrow and as short as the narrower and the shorter. */
export function mergePolicies(a: CachePolicy, b: CachePolicy): CachePolicy {
  if (!a.isStorable) return a;
  if (!b.isStorable || a === b) return b;
  // Windows reckoned from one moment: the earliest end of each.
  const maxAgeMs = Math.min(a.maxAgeMs, b.maxAgeMs);
  const end = (windowOfA: number, windowOfB: number) =>
    Math.max(0, Math.min(a.maxAgeMs + windowOfA, b.maxAgeMs + windowOfB) - maxAgeMs);
  return {
    isStorable: true,
    maxAgeMs,
    ageMs: Math.max(a.ageMs, b.ageMs),
    scope: narrowest(a.scope, b.scope),
    isShared: a.isShared && b.isShared,
    staleWhileRevalidateMs: end(a.staleWhileRevalidateMs, b.staleWhileRevalidateMs),
    staleIfErrorMs: end(a.staleIfErrorMs, b.staleIfErrorMs),
  };
}

function narrowest(a: Lifetime['scope'], b: Lifetime['scope']): Lifetime['scope'] {
  if (a === 'private' || b === 'private') return 'private';
  return a === 'unsaid' || b === 'unsaid' ? 'unsaid' : 'public';
}
