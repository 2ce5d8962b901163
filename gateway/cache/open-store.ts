import { readFileSync } from 'node:fs';
import type { CacheConfig } from '../cache-config.ts';
import { batchReads } from '../store/batched-reads.ts';
import { breakStore } from '../store/breaker.ts';
import type { Store } from '../store/store.ts';
import { createMemoryStore } from '../store/store-memory.ts';
import { openRedisStore } from '../store/store-redis.ts';

/** Opens what gateways share, by the options; without a Redis, memory of this process. @throws {TypeError} for an address that is none */
export async function openStore({ redis, namespace }: CacheConfig, redisUrl: string | undefined): Promise<Store> {
  const { isCluster, username, password, caFile, certFile, keyFile, readTimeoutMs, writeTimeoutMs, waitReplicas } =
    redis;
  const [first, ...others] = redis.urls.length > 0 || redisUrl === undefined ? redis.urls : [redisUrl];
  if (first === undefined) return createMemoryStore();
  const read = (file: string | undefined) => (file === undefined ? undefined : readFileSync(file, 'utf8'));
  const store = await openRedisStore({
    address: {
      urls: [first, ...others],
      ...{ isCluster, username, password },
      tls: { ca: read(caFile), cert: read(certFile), key: read(keyFile) },
    },
    prefix: `${redis.prefix}${namespace}:`,
    ...{ readTimeoutMs, writeTimeoutMs, waitReplicas },
  });
  return batchReads(breakStore(store));
}
