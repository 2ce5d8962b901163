import { createEvents, type Events } from '../service/events.ts';
import type { Invalidation } from '../service/invalidation.ts';
import type { Log } from '../service/logs.ts';
import type { ClosingStack } from '../service/run.ts';
import type { Cache } from './cache/cache.ts';
import type { GatewayConfig } from './config.ts';
import type { Store } from './store/store.ts';
import type { Followed } from './supergraph/follow.ts';
import { startShadowLog } from './telemetry/shadow-log.ts';

export interface CacheSetting {
  readonly config: GatewayConfig['cache'];
  readonly store: Store | undefined;
  readonly claimHeaders: readonly string[];
  readonly redisUrl: string | undefined;
  readonly events: Events | undefined;
  readonly currentSupergraph: Followed['current'];
  readonly onPurge: () => void;
  readonly log: Log;
}

/** Opens the cache on a stack, which closes it; its files are loaded only when it is wanted. */
export async function openCache(stack: ClosingStack, setting: CacheSetting): Promise<Cache | undefined> {
  const { config, store, claimHeaders, redisUrl, events, currentSupergraph, onPurge, log } = setting;
  if (config.mode === 'off' || store === undefined) return undefined;
  if (config.mode === 'shadow') stack.add('shadow log', startShadowLog({ log, everyMs: 60_000 }));
  const { openCache: open } = await import('./cache/cache.ts');
  const cache = stack.add('cache', await open({ config, store, claimHeaders, onPurge, log }));
  cache.prepare(currentSupergraph());
  if (!config.invalidation.events) return cache;
  if (events === undefined && redisUrl === undefined) {
    if (config.redis.urls.length > 0)
      log.info('no events of services are followed: REDIS_URL is not set, and cache.redis.urls is for the cache alone');
    return cache;
  }
  const { followEvents } = await import('./cache/follow-events.ts');
  const followed = events ?? stack.add('events', createEvents({ redisUrl, log }));
  const invalidate = (all: readonly Invalidation[]) => cache.invalidate(all, currentSupergraph());
  stack.add('cache events', await followEvents({ events: followed, namespace: config.namespace, invalidate, log }));
  return cache;
}
