import { channel } from 'node:diagnostics_channel';

/** What is published on `cacheEvents`. */
export type CacheEvent =
  /** Purged, by this gateway. `isLate`: the store took it only when it was tried again. */
  | { readonly kind: 'purge'; readonly sequence: number; readonly isLate: boolean }
  /** The store did not take it; it holds in this gateway and is tried again. */
  | { readonly kind: 'pending purge'; readonly error: unknown }
  /** The table was read anew: at the start, after a long absence, or when the log was lost. */
  | { readonly kind: 'reload'; readonly synced: number; readonly floor: number }
  /** What became of the look-up of a key. */
  | { readonly kind: 'lookup'; readonly result: LookupResult; readonly level: 'l1' | 'l2' | undefined }
  | { readonly kind: 'store'; readonly bytes: number }
  /** In shadow mode: whether what was kept is what was fetched. */
  | { readonly kind: 'shadow'; readonly type: string; readonly isSame: boolean }
  /** Entries that were not written, because too many were waiting or the store did not take them. */
  | { readonly kind: 'dropped'; readonly entries: number; readonly bytes: number }
  /** How a value came that was not there: see `fill.ts`. */
  | { readonly kind: 'fill'; readonly source: 'fetched' | 'joined' | 'lease' };

export type LookupResult = 'fresh' | 'stale' | 'for errors' | 'miss' | 'void' | 'undecodable' | 'failed';

/** For those who count; see `telemetry/`. */
export const cacheEvents = channel('gateway:cache');

/** Publishes when anybody listens. On hot paths, ask for `cacheEvents.hasSubscribers` before making the event. */
export function publishCacheEvent(event: CacheEvent): void {
  if (cacheEvents.hasSubscribers) cacheEvents.publish(event);
}
