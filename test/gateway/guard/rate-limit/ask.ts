import { buildSchema, type FragmentDefinitionNode, type OperationDefinitionNode, parse } from 'graphql';
import type { Asked } from '../../../../gateway/guard/rate-limit/asked.ts';
import { type RuleSet, readRuleSets } from '../../../../gateway/guard/rate-limit/rule-set.ts';
import { rateLimitConfig } from '../../../../gateway/rate-limit-config.ts';
import type { Supergraph } from '../../../../gateway/supergraph/supergraph.ts';

const SUPERGRAPH = {
  apiSchema: buildSchema(`
    type Query { hello: String search(text: String): [String] me: String }
    type Mutation { order: String }
  `),
} as Supergraph;

/** A request as rules see it: anonymous, from one address, for `{ hello }`, at a cost of 1. */
export function ask(changes: Partial<Asked> = {}, query = '{ hello }'): Asked {
  const { definitions } = parse(query);
  const fragments = definitions.filter((node): node is FragmentDefinitionNode => node.kind === 'FragmentDefinition');
  return {
    identity: undefined,
    address: '203.0.113.1',
    headers: {},
    supergraph: SUPERGRAPH,
    operation: definitions.find((node) => node.kind === 'OperationDefinition') as OperationDefinitionNode,
    fragments: new Map(fragments.map((fragment) => [fragment.name.value, fragment])),
    coercedVariables: {},
    cost: 1,
    ...changes,
  };
}

/** Rule sets as the options have them. */
export function setsOf(sets: unknown, more: object = {}): readonly RuleSet[] {
  return readRuleSets(rateLimitConfig.parse({ sets, ...more }));
}
