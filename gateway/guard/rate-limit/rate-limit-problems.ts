import type { ConfigProblem } from '../../../service/config.ts';
import type { GatewayConfig } from '../../config.ts';
import type { RuleSetConfig } from '../../rate-limit-config.ts';

/** Sets of rules that no request could have, by what else is configured. */
export function findRateLimitProblems({ rateLimit, authentication }: GatewayConfig): readonly ConfigProblem[] {
  const hasIssuers = Object.keys(authentication.issuers).length > 0;
  const hasKeys = Object.keys(authentication.apiKeys).length > 0;
  const sets = Object.entries(rateLimit.sets);
  return sets.flatMap(([name, { client }], index) => {
    const tell = (message: string) => [{ path: `rateLimit.sets.${name}.client`, message }];
    if (client.includes('identity') && client.includes('apiKey'))
      return tell('has both identity and apiKey: a request is never by both; give each a set of its own');
    if (client.includes('identity') && !hasIssuers)
      return tell('identity needs authentication.issuers: without any no token is read');
    if (client.includes('apiKey') && !hasKeys) return tell('apiKey needs authentication.apiKeys: there are none');
    // An address is known of every request.
    const takes = (other: RuleSetConfig) => other.client.every((who) => who === 'ip' || client.includes(who));
    const before = sets.slice(0, index).find(([, other]) => takes(other))?.[0];
    if (before !== undefined)
      return tell(`is for nobody: the set "${before}" comes first, and has all of its clients; put this one before it`);
    return [];
  });
}
