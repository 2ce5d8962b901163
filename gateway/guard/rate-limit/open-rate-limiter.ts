import type { Log } from '../../../service/logs.ts';
import { ClosingStack, type Running } from '../../../service/run.ts';
import type { RateLimitConfig } from '../../rate-limit-config.ts';
import type { Quotas } from '../../store/quotas.ts';
import type { Supergraph } from '../../supergraph/supergraph.ts';
import { createCorrections } from './corrections.ts';
import { type ChargeRequest, createRateLimiter } from './rate-limiter.ts';
import { readRuleSets } from './rule-set.ts';

export interface RateLimiter extends Running {
  readonly charge: ChargeRequest;
  /** Warns of what the rules name and a graph does not have. */
  prepare(supergraph: Supergraph): void;
}

export interface RateLimiterSetting {
  readonly config: RateLimitConfig;
  readonly quotas: Quotas;
  readonly log: Log;
}

/** Opens it, on quotas that it closes. */
export function openRateLimiter({ config, quotas, log }: RateLimiterSetting): RateLimiter {
  const stack = new ClosingStack();
  stack.add('quotas', quotas);
  const corrections = stack.add('corrections', createCorrections(quotas));
  if (!quotas.isShared) log.info('rate limits are counted in this process alone: REDIS_URL is not set');
  const charge = createRateLimiter({
    sets: readRuleSets(config),
    quotas,
    corrections,
    sendHeaders: config.sendHeaders,
  });
  return {
    charge,
    prepare: (supergraph) => {
      for (const warning of findUnknownFields(config, supergraph)) log.warn(warning);
    },
    close: () => stack.close(),
  };
}

/** Fields for which a rule counts and which a graph does not have, so that it counts nothing: one line for each rule. */
function findUnknownFields({ sets }: RateLimitConfig, { apiSchema }: Supergraph): readonly string[] {
  const roots = [apiSchema.getQueryType(), apiSchema.getMutationType(), apiSchema.getSubscriptionType()];
  const known = new Set(
    roots.flatMap((root) => Object.keys(root?.getFields() ?? {}).map((field) => `${root?.name}.${field}`)),
  );
  return Object.entries(sets).flatMap(([set, { rules }]) =>
    Object.entries(rules).flatMap(([rule, { fields = [] }]) => {
      const unknown = fields.filter((field) => !known.has(field));
      if (unknown.length === 0) return [];
      return [`rateLimit.sets.${set}.rules.${rule}.fields names no root field of this graph: ${unknown.join(', ')}`];
    }),
  );
}
