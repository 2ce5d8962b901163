import type { Log } from '../service/logs.ts';
import type { ClosingStack } from '../service/run.ts';
import type { GatewayConfig } from './config.ts';
import type { Store } from './store/store.ts';

/** Opens what gateways share, if anything here is to be shared, on a stack, which closes it. */
export async function openStore(
  stack: ClosingStack,
  { cache, authentication: { revocation }, persisted: { apq } }: GatewayConfig,
  redisUrl: string | undefined,
  log: Log,
): Promise<Store | undefined> {
  // Without a Redis, automatic persisted queries have memory of their own.
  const isForApq = apq.isEnabled && (redisUrl !== undefined || cache.redis.urls.length > 0);
  if (cache.mode === 'off' && !revocation.isEnabled && !isForApq) return undefined;
  const { openStore: open } = await import('./store/open-store.ts');
  const store = stack.add('store', await open(cache, redisUrl));
  if (!store.isShared && revocation.isEnabled)
    log.info('what is revoked is known to this process alone, and until it ends: REDIS_URL is not set');
  return store;
}
