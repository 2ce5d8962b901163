import type { CacheConfig } from '../cache-config.ts';
import { batchCalls } from './batched-calls.ts';
import { breakStore } from './breaker.ts';
import { findConfiguredRedis } from './configured-redis.ts';
import type { Store } from './store.ts';
import { createMemoryStore } from './store-memory.ts';
import { openRedisStore } from './store-redis.ts';

/** Opens what gateways share, by the options; without a Redis, memory of this process. @throws {ConfigError} for an address or a file that is none */
export async function openStore(config: CacheConfig, redisUrl: string | undefined): Promise<Store> {
  const redis = findConfiguredRedis(config, redisUrl);
  if (redis === undefined) return createMemoryStore();
  const { readTimeoutMs, writeTimeoutMs, waitReplicas } = config.redis;
  return batchCalls(breakStore(await openRedisStore({ ...redis, readTimeoutMs, writeTimeoutMs, waitReplicas })));
}
