import type { Log } from '../service/logs.ts';
import type { ClosingStack } from '../service/run.ts';
import type { GatewayConfig } from './config.ts';
import type { RateLimiter } from './guard/rate-limit/open-rate-limiter.ts';
import type { Followed } from './supergraph/follow.ts';

export interface LimiterSetting {
  readonly config: GatewayConfig;
  readonly redisUrl: string | undefined;
  readonly currentSupergraph: Followed['current'];
  readonly log: Log;
}

/** Opens rate limits on a stack, which closes them; their files are loaded only when there are rules. */
export async function openLimiter(stack: ClosingStack, setting: LimiterSetting): Promise<RateLimiter | undefined> {
  const { config, redisUrl, currentSupergraph, log } = setting;
  const { cache, rateLimit } = config;
  if (Object.keys(rateLimit.sets).length === 0) return undefined;
  const [{ openQuotas }, { openRateLimiter }, { findRateLimitWarnings }] = await Promise.all([
    import('./store/open-quotas.ts'),
    import('./guard/rate-limit/open-rate-limiter.ts'),
    import('./guard/rate-limit/rate-limit-warnings.ts'),
  ]);
  for (const warning of findRateLimitWarnings(config)) log.warn(warning);
  const quotas = await openQuotas(cache, redisUrl, rateLimit.timeoutMs);
  const limiter = stack.add('rate limits', openRateLimiter({ config: rateLimit, quotas, log }));
  limiter.prepare(currentSupergraph());
  return limiter;
}
