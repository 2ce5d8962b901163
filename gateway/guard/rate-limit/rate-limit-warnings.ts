import type { GatewayConfig } from '../../config.ts';
import type { RuleConfig } from '../../rate-limit-config.ts';

/**
 * Rules that go by what a client calls itself or its operations: whoever means to exceed them takes other names. The names of operations are nobody's choice
 * where only those of a manifest are answered.
 */
export function findRateLimitWarnings({
  rateLimit,
  persisted: { safelist },
}: Pick<GatewayConfig, 'rateLimit' | 'persisted'>): readonly string[] {
  const areOperationsKnown = safelist.mode === 'only-known' || safelist.mode === 'only-known-ids';
  const goesByWords = ({ operations, by }: RuleConfig) =>
    by.includes('clientName') || (!areOperationsKnown && (operations !== undefined || by.includes('operation')));

  return Object.entries(rateLimit.sets).flatMap(([set, { client, rules }]) => {
    const path = `rateLimit.sets.${set}`;
    if (client.every((who) => who === 'clientName'))
      return [`${path}.client is a name that clients give themselves: whoever takes another one has limits of its own`];
    // What goes by names divides what another rule bounds.
    if (Object.values(rules).some((rule) => !goesByWords(rule) && rule.fields === undefined)) return [];
    return Object.entries(rules).flatMap(([name, rule]) =>
      goesByWords(rule)
        ? [`${path}.rules.${name} goes by names that clients choose, and no rule of its set bounds all that they ask`]
        : [],
    );
  });
}
