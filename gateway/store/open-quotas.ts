import type { CacheConfig } from '../cache-config.ts';
import { breakQuotas } from './breaker.ts';
import { findConfiguredRedis } from './configured-redis.ts';
import type { Quotas } from './quotas.ts';
import { createMemoryQuotas } from './quotas-memory.ts';
import { openRedisQuotas } from './quotas-redis.ts';

/**
 * Opens the quotas that gateways share, by the options; without a Redis, those of this process.
 *
 * @param timeoutMs how long a charge may take, in milliseconds
 * @throws {ConfigError} for an address or a file that is none
 */
export async function openQuotas(
  config: CacheConfig,
  redisUrl: string | undefined,
  timeoutMs: number,
): Promise<Quotas> {
  const redis = findConfiguredRedis(config, redisUrl);
  return redis === undefined ? createMemoryQuotas() : breakQuotas(await openRedisQuotas({ ...redis, timeoutMs }));
}
