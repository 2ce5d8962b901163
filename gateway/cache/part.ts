import { type CachePolicy, type Lifetime, mergePolicies } from './cache-control.ts';
import type { Entry } from './entry.ts';
import type { Reason } from './record.ts';
import type { Requester } from './requester.ts';
import type { Tagged } from './tag-set.ts';

/** One part of an answer, as what is made of it has to know it. */
export interface Part {
  /** Reckoned from `at`. */
  readonly policy: PartPolicy;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly tagged: Tagged;
}

export type PartPolicy = CachePolicy | Refusal;

export interface Refusal {
  readonly isStorable: false;
  readonly reason: Reason;
}

/** For whom an answer may be kept: `nobody` when it is for one who cannot be told from others. */
export type Audience = 'everyone' | 'owner' | 'nobody';

/**
 * For whom (RFC 9111, 3.5): what was asked for with credentials is for who asked, unless it says `public` or `s-maxage`.
 */
export function audienceOf({ scope, isShared }: Lifetime, { hasCredentials, owner }: Requester): Audience {
  const isPrivate = scope === 'private' || (hasCredentials && !isShared);
  return isPrivate ? (owner === undefined ? 'nobody' : 'owner') : 'everyone';
}

/** As short and as narrow as the shortest and the narrowest; nothing when one of them may not be kept. */
export function mergeParts(parts: readonly Part[], now: number): PartPolicy {
  let merged: CachePolicy | undefined;
  let isOver = false;
  for (const { policy, at } of parts) {
    if (!policy.isStorable) return policy;
    const aged = age(policy, Math.max(0, now - at));
    // While the others came.
    isOver ||= aged.maxAgeMs <= 0;
    merged = merged === undefined ? aged : mergePolicies(merged, aged);
  }
  if (merged === undefined) return { isStorable: false, reason: 'no max-age' };
  return isOver ? { isStorable: false, reason: 'expired' } : merged;
}

function age(policy: Lifetime & { readonly isStorable: true }, elapsed: number) {
  if (elapsed === 0) return policy;
  return { ...policy, maxAgeMs: policy.maxAgeMs - elapsed, ageMs: policy.ageMs + elapsed };
}

export interface EntryContent {
  readonly policy: Lifetime;
  readonly audience: Exclude<Audience, 'nobody'>;
  readonly tagged: Tagged;
  readonly born: number;
  readonly body: Buffer | string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Makes an entry of what was fetched just now. */
export function toEntry({ policy, audience, tagged, born, body, now }: EntryContent): Entry {
  const { maxAgeMs, ageMs, staleWhileRevalidateMs, staleIfErrorMs } = policy;
  const freshUntil = now + maxAgeMs;
  return {
    born,
    madeAt: now - ageMs,
    freshUntil,
    staleUntil: freshUntil + staleWhileRevalidateMs,
    errorUntil: freshUntil + staleIfErrorMs,
    scope: audience === 'owner' ? 'private' : policy.isShared ? 'public' : 'anonymous',
    tags: tagged.tags,
    places: tagged.places,
    body,
  };
}

/** What an entry says that was kept before, reckoned from now. */
export function policyOf({ madeAt, freshUntil, staleUntil, errorUntil, scope }: Entry, now: number): CachePolicy {
  const maxAgeMs = freshUntil - now;
  if (maxAgeMs <= 0) return { isStorable: false, reason: 'expired' };
  return {
    isStorable: true,
    maxAgeMs,
    ageMs: Math.max(0, now - madeAt),
    scope: scope === 'anonymous' ? 'unsaid' : scope,
    isShared: scope === 'public',
    staleWhileRevalidateMs: staleUntil - freshUntil,
    staleIfErrorMs: errorUntil - freshUntil,
  };
}
