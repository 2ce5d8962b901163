import { ConfigError } from '../service/config.ts';
import type { GatewayConfig } from './config.ts';
import { findAuthenticationProblems } from './guard/authentication-problems.ts';
import { findRateLimitProblems } from './guard/rate-limit/rate-limit-problems.ts';
import { findPersistedProblems } from './persisted-config.ts';
import { findRouteProblems } from './routes-config.ts';
import { findUsageProblems } from './usage-config.ts';

/** What no schema of one option can see. @throws {ConfigError} */
export function checkConfig(config: GatewayConfig): void {
  const { issuers, apiKeys } = config.authentication;
  const problems = [
    ...findAuthenticationProblems(config),
    ...findRateLimitProblems(config),
    ...findPersistedProblems(config),
    ...findUsageProblems(config),
    ...findRouteProblems(config),
  ];
  if (config.override.key === 'subject' && Object.keys({ ...issuers, ...apiKeys }).length === 0)
    problems.push({ path: 'override.key', message: 'needs authentication.issuers: without any no token is read' });
  if (config.cost.mode === 'off' && countsCost(config))
    problems.push({ path: 'cost.mode', message: 'cannot be off while a rate limit counts cost' });
  if (problems.length > 0) throw new ConfigError(problems);
}

/** Whether any budget is counted in cost points. */
export function countsCost({ rateLimit: { sets } }: GatewayConfig): boolean {
  return Object.values(sets).some(({ rules }) => Object.values(rules).some(({ unit }) => unit === 'cost'));
}
