import { ConfigError } from '../../service/config.ts';
import type { CacheConfig } from '../cache-config.ts';
import { readTls } from './read-tls.ts';
import { type RedisAddress, readRedisAddress } from './redis-address.ts';

/** The Redis of a gateway, and what each of its keys begins with. */
export interface ConfiguredRedis {
  readonly address: RedisAddress;
  readonly prefix: string;
}

/**
 * Where a gateway keeps what others see, by the options; `undefined` when there is no Redis.
 *
 * @param redisUrl where `cache.redis.urls` says nothing
 * @throws {ConfigError} for an address or a file that is none
 */
export function findConfiguredRedis(
  { redis, namespace }: Pick<CacheConfig, 'redis' | 'namespace'>,
  redisUrl: string | undefined,
): ConfiguredRedis | undefined {
  const { isCluster, username, password } = redis;
  const [first, ...others] = redis.urls.length > 0 || redisUrl === undefined ? redis.urls : [redisUrl];
  if (first === undefined) return undefined;
  const address: RedisAddress = { urls: [first, ...others], isCluster, username, password, tls: readTls(redis) };
  try {
    readRedisAddress(address);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const path = redis.urls.length > 0 ? 'cache.redis.urls' : 'REDIS_URL';
    throw new ConfigError([{ path, message: error.message }]);
  }
  return { address, prefix: `${redis.prefix}${namespace}:` };
}
