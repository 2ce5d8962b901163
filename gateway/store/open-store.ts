import { ConfigError } from '../../service/config.ts';
import type { CacheConfig } from '../cache-config.ts';
import { batchReads } from './batched-reads.ts';
import { breakStore } from './breaker.ts';
import { readTls } from './read-tls.ts';
import type { Store } from './store.ts';
import { createMemoryStore } from './store-memory.ts';
import { openRedisStore } from './store-redis.ts';

/** Opens what gateways share, by the options; without a Redis, memory of this process. @throws {ConfigError} for an address or a file that is none */
export async function openStore({ redis, namespace }: CacheConfig, redisUrl: string | undefined): Promise<Store> {
  const { isCluster, username, password, readTimeoutMs, writeTimeoutMs, waitReplicas } = redis;
  const [first, ...others] = redis.urls.length > 0 || redisUrl === undefined ? redis.urls : [redisUrl];
  if (first === undefined) return createMemoryStore();
  const tls = readTls(redis);
  const store = await openRedisStore({
    address: { urls: [first, ...others], isCluster, username, password, tls },
    prefix: `${redis.prefix}${namespace}:`,
    ...{ readTimeoutMs, writeTimeoutMs, waitReplicas },
  }).catch((error: unknown) => {
    if (!(error instanceof TypeError)) throw error;
    throw new ConfigError([{ path: redis.urls.length > 0 ? 'cache.redis.urls' : 'REDIS_URL', message: error.message }]);
  });
  return batchReads(breakStore(store));
}
