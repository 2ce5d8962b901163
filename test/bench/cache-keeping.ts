import { Redis } from 'ioredis';

/** Where ours keeps answers: nowhere, in its own memory, or in Redis alone. */
export type KeptIn = 'nothing' | 'l1' | 'redis';

/** Where the server is that the runs share. */
export const REDIS = 'redis://127.0.0.1:6379';

/** Of this run and one gateway: no other finds its entries, or is found by them. */
export const namespaceOf = (gateway: string) => `bench-${process.pid}-${gateway.replaceAll(' ', '-')}`;

/** The options of ours by their names in the environment. REDIS_URL stays out: events and what else uses it are not measured. */
export function cacheEnvironment(gateway: string, keptIn: KeptIn): Readonly<Record<string, string>> {
  if (keptIn === 'nothing') return { GATEWAY_CACHE_MODE: 'off', REDIS_URL: '' };
  const on = { GATEWAY_CACHE_MODE: 'on', GATEWAY_CACHE_NAMESPACE: namespaceOf(gateway), REDIS_URL: '' };
  return keptIn === 'l1' ? on : { ...on, GATEWAY_CACHE_L1_MAX_BYTES: '0', GATEWAY_CACHE_REDIS_URLS: REDIS };
}

/**
 * Removes what a gateway has in Redis. After each round, while it stands still: with every key another, a round leaves hundreds of
 * megabytes. What it knows of purges stays, because without that nothing that it keeps is worth anything.
 */
export const forgetEntries = (gateway: string): Promise<void> =>
  remove(`*:${namespaceOf(gateway)}:*`, (key) => /:(response|fetch|entity):/.test(key));

/** Removes all that this run has in Redis. */
export const forgetRun = (): Promise<void> => remove(`*:bench-${process.pid}-*`, () => true);

async function remove(pattern: string, isRemoved: (key: string) => boolean): Promise<void> {
  const redis = new Redis(REDIS, { maxRetriesPerRequest: 0, retryStrategy: () => null });
  // What fails is told by the call that waits for it.
  redis.on('error', () => undefined);
  try {
    for await (const found of redis.scanStream({ match: pattern, count: 5_000 })) {
      const keys = (found as string[]).filter(isRemoved);
      if (keys.length > 0) await redis.unlink(...keys);
    }
  } finally {
    redis.disconnect();
  }
}
