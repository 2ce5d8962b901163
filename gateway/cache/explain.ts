import type { CacheConfig } from '../cache-config.ts';
import type { Json } from '../execution/own.ts';
import type { Answered } from './answered.ts';
import { toCacheControl } from './cache-control-header.ts';
import type { Step } from './record.ts';
import { writeTagHeader } from './tag-header.ts';

/** What an answer says of itself to clients and to caches between. */
export interface AnswerHeaders {
  readonly 'cache-control': string;
  /** `age`, `cache-status` (RFC 9211), and the one of `cache.tagHeader`. */
  readonly [name: string]: string;
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

const STATUS = {
  hit: 'hit',
  stale: 'hit; detail=stale',
  'stale for an error': 'fwd=stale; detail=error',
  coalesced: 'fwd=miss; collapsed',
  miss: 'fwd=miss; stored',
  refused: 'fwd=miss',
  'not looked for': 'fwd=bypass',
} as const satisfies Record<Answered['decision'], string>;

/** @param tagHeader what a CDN gets */
export function toAnswerHeaders(answered: Answered, tagHeader: CacheConfig['tagHeader']): AnswerHeaders {
  const { policy, decision, level, steps, ageMs } = answered;
  const isPartial = steps.some((step) => step.decision !== 'miss' && step.decision !== 'refused');
  const ttl = policy.isStorable ? `; ttl=${Math.floor(policy.maxAgeMs / 1_000)}` : '';
  const detail = level === undefined ? (isPartial ? '; detail=partial' : '') : `; detail=${level}`;
  const status = STATUS[decision];
  const headers = controlOf(answered, tagHeader);
  if (ageMs >= 1_000) headers.age = String(Math.floor(ageMs / 1_000));
  headers['cache-status'] = `Tributary; ${status}${ttl}${status.includes('detail') ? '' : detail}`;
  return headers;
}

function controlOf({ policy, tags }: Answered, tagHeader: CacheConfig['tagHeader']): Writable<AnswerHeaders> {
  if (!policy.isStorable) return { 'cache-control': 'no-store' };
  const control = toCacheControl(policy);
  if (tagHeader.name === undefined || !policy.isShared) return { 'cache-control': control };
  const written = writeTagHeader(tags, tagHeader);
  if (written !== undefined) return { 'cache-control': control, [tagHeader.name.toLowerCase()]: written };
  return { 'cache-control': toCacheControl({ ...policy, isShared: false }) };
}

/** The same for no cache but the client's own, whatever its parts say. */
export function toPrivate(answered: Answered): Answered {
  const { policy } = answered;
  return policy.isStorable && policy.isShared ? { ...answered, policy: { ...policy, isShared: false } } : answered;
}

/** `extensions.cache` of an answer: how the whole came, and each part of it. */
export function explain(answered: Answered): Json {
  return { response: explainResponse(answered), fetches: answered.steps.map(explainStep) };
}

/** How a whole response came. */
export function explainResponse({ policy, decision, level, key, tags, scope, ageMs, reason }: Answered): Json {
  return {
    ...{ decision, level, key, scope, reason, tags },
    age: toSeconds(ageMs),
    ttl: policy.isStorable ? toSeconds(policy.maxAgeMs) : undefined,
  };
}

/** How a part of it came. */
export function explainStep({ node: _, ageMs, ttlMs, key, ...step }: Step): Json {
  // None where it was not looked for.
  return { ...step, key: key || undefined, age: toSeconds(ageMs), ttl: toSeconds(ttlMs) };
}

/** As the headers have them. */
function toSeconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Math.floor(ms / 1_000);
}
