import { readTlsFiles } from '../../service/tls-files.ts';
import type { CacheConfig } from '../cache-config.ts';
import type { RedisTls } from './redis-address.ts';

/** Reads the files that options of Redis name. @throws {ConfigError} for one that is not there, or holds something else than it should */
export function readTls(redis: CacheConfig['redis']): RedisTls {
  return { ...readTlsFiles(redis, 'cache.redis'), serverName: redis.serverName };
}
