import type { RateLimitConfig, RuleConfig, RuleSetConfig } from '../../rate-limit-config.ts';
import { type Asked, type Asking, countRootFields } from './asked.ts';

export interface Rule {
  readonly name: string;
  readonly limit: number;
  readonly windowMs: number;
  readonly unit: RuleConfig['unit'];
}

/** What a request is to pay by a rule. */
export interface Due {
  readonly rule: Rule;
  /** Of the quota, among those of its owner. */
  readonly key: string;
  readonly amount: number;
}

/** Rules for clients of one kind. */
export interface RuleSet {
  readonly name: string;
  readonly onStoreFailure: RuleSetConfig['onStoreFailure'];
  readonly localShare: number;
  readonly rules: readonly Rule[];
  /** Whose quotas a request is charged to; `undefined` when who asks is not known in the way that the set wants. */
  ownerOf(asked: Asking): string | undefined;
  /** All that a request is to pay, one for each quota. */
  duesOf(asked: Asked): readonly Due[];
}

type Who = RuleSetConfig['client'][number];

/** In the order of the options, which is that of precedence. */
export function readRuleSets({ sets, clientNameHeader }: RateLimitConfig): readonly RuleSet[] {
  const header = clientNameHeader.toLowerCase();

  function find(who: Who, { identity, address, headers }: Asking): string | undefined {
    if (who === 'ip') return address;
    if (who === 'clientName') return headers[header];
    if (identity === undefined || (identity.kind === 'api key') !== (who === 'apiKey')) return undefined;
    return `${identity.issuer.length}:${identity.issuer}${identity.subject}`;
  }

  function ownerOf(set: string, client: readonly Who[], asked: Asking): string | undefined {
    let owner = set;
    for (const who of client) {
      const value = find(who, asked);
      if (value === undefined || value === '') return undefined;
      owner += part(value);
    }
    return owner;
  }

  function toDues(rule: Rule, config: RuleConfig) {
    const { by } = config;
    const { name, unit } = rule;
    const operations = config.operations && new Set(config.operations);
    const fields = config.fields && new Set(config.fields);
    const goesByFields = fields !== undefined || by.includes('field');

    function keyOf(asked: Asking, operation: string): string {
      let key = name;
      for (const each of by)
        if (each !== 'field') key += part(each === 'operation' ? operation : (find(each, asked) ?? ''));
      return key;
    }

    return (asked: Asked): Due[] => {
      // What is behind a route is no operation, and costs nothing that could be counted.
      if (asked.operation === undefined)
        return unit === 'cost' || operations !== undefined || goesByFields
          ? []
          : [{ rule, key: keyOf(asked, ''), amount: 1 }];
      const { cost } = asked;
      const operation = asked.operation.name?.value ?? '';
      if (operations !== undefined && !operations.has(operation)) return [];
      const key = keyOf(asked, operation);
      const toDue = (own: string, count: number): Due => ({ rule, key: own, amount: unit === 'cost' ? cost : count });
      if (!goesByFields) return [toDue(key, 1)];
      const counts = [...countRootFields(asked)].filter(([field]) => fields === undefined || fields.has(field));
      if (counts.length === 0) return [];
      if (by.includes('field')) return counts.map(([field, count]) => toDue(key + part(field), count));
      const sum = counts.reduce((all, [, count]) => all + count, 0);
      return [toDue(key, sum)];
    };
  }

  return Object.entries(sets).map(([name, { client, onStoreFailure, localShare, rules }]) => {
    const all = Object.entries(rules).map(([ruleName, config]) => {
      const { limit, windowS, unit } = config;
      const rule: Rule = { name: ruleName, limit, windowMs: windowS * 1_000, unit };
      return { rule, duesOf: toDues(rule, config) };
    });
    return {
      ...{ name, onStoreFailure, localShare },
      rules: all.map(({ rule }) => rule),
      ownerOf: (asked) => ownerOf(name, client, asked),
      duesOf: (asked) => {
        // On the way of every request: most rules make one.
        const dues: Due[] = [];
        for (const { duesOf } of all) for (const due of duesOf(asked)) dues.push(due);
        return dues;
      },
    };
  });
}

/** With its length, so that no two lists of values look alike. */
function part(value: string): string {
  return `\n${value.length}:${value}`;
}
