import type { CachePolicy } from './cache-control.ts';

/**
 * A policy as the header of an answer that is given now, for the client and what is between.
 *
 * `max-age` counts from when the answer was made, so it goes with an `age` header. A policy that does not say `public` is
 * `private` to others: they do not know who asked.
 *
 * @param ageMs how old the answer is, in milliseconds: what is left of the lifetime and this make the `max-age`
 */
export function toCacheControl(policy: CachePolicy, ageMs = policy.isStorable ? policy.ageMs : 0): string {
  if (!policy.isStorable) return 'no-store';
  const { isShared, staleWhileRevalidateMs, staleIfErrorMs } = policy;
  const seconds = (ms: number) => Math.floor(ms / 1_000);
  return [
    `max-age=${seconds(policy.maxAgeMs) + seconds(ageMs)}`,
    isShared ? 'public' : 'private',
    ...(staleWhileRevalidateMs >= 1_000 ? [`stale-while-revalidate=${seconds(staleWhileRevalidateMs)}`] : []),
    ...(staleIfErrorMs >= 1_000 ? [`stale-if-error=${seconds(staleIfErrorMs)}`] : []),
  ].join(', ');
}
