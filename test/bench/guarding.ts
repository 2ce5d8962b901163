import { namespaceOf, REDIS } from './cache-keeping.ts';
import { issuerOfRun } from './issuer.ts';

/**
 * What of the guard is on. `off`: nothing, also what comes by default. `slices` and `calls`: all of it; the gateway charges most requests to what
 * it has taken ahead, or asks Redis for each.
 */
export type Guarding = 'off' | 'slices' | 'calls';

/** Of each person. So much that nobody meets it: what is measured is what it costs to count. */
const POINTS = { limit: 2_000_000, windowS: 60, unit: 'cost' };

const RULES = {
  slices: { requests: { limit: 100_000, windowS: 60 }, points: POINTS },
  // Limits below 200 have no slices.
  calls: { requests: { limit: 190, windowS: 1 }, points: POINTS },
};

/** Of each address without a token. */
const STRANGERS = { requests: { limit: 300, windowS: 1 } };

/** The options of ours by their names in the environment. Rate limits are in Redis, under a name of this run and this gateway. */
export async function guardEnvironment(gateway: string, guarding: Guarding): Promise<Readonly<Record<string, string>>> {
  // The file that it is started with has an issuer.
  if (guarding === 'off') return { GATEWAY_COST_MODE: 'off', GATEWAY_AUTHENTICATION_ISSUERS: '{}' };
  const { issuer, audience, jwksUrl } = await issuerOfRun();
  const sets = {
    people: { client: ['identity'], onStoreFailure: 'closed', rules: RULES[guarding] },
    strangers: { client: ['ip'], onStoreFailure: 'closed', rules: STRANGERS },
  };
  return {
    GATEWAY_AUTHENTICATION_ISSUERS: JSON.stringify({ bench: { issuer, audiences: [audience], jwksUrl } }),
    GATEWAY_COST_MODE: 'enforce',
    GATEWAY_HTTP_TRUSTED_PROXIES: '127.0.0.1',
    GATEWAY_RATE_LIMIT_SETS: JSON.stringify(sets),
    // Redis shares a core with the load.
    GATEWAY_RATE_LIMIT_TIMEOUT_MS: '2000',
    GATEWAY_CACHE_REDIS_URLS: REDIS,
    GATEWAY_CACHE_NAMESPACE: namespaceOf(gateway),
  };
}
