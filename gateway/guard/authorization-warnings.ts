import type { AccessRules } from '../../planning/access-rules.ts';

export interface GuardMeans {
  /** Whether callers can show who they are. */
  readonly knowsCallers: boolean;
  readonly hasPolicyModule: boolean;
}

/** What an operator should know of rules that nobody can meet. */
export function findAuthorizationWarnings(
  rules: AccessRules,
  { knowsCallers, hasPolicyModule }: GuardMeans,
): readonly string[] {
  const directives = new Set([...rules.values()].flat().map(({ directive }) => directive));
  const forNobody = [
    ...(knowsCallers ? [] : [...directives].filter((name) => name !== 'policy')),
    ...(hasPolicyModule ? [] : [...directives].filter((name) => name === 'policy')),
  ];
  return forNobody.map((name) =>
    name === 'policy'
      ? 'the supergraph has @policy, and there is no authorization.policyModule: what it guards is for nobody'
      : `the supergraph has @${name}, and no issuer or API key is known here: what it guards is for nobody`,
  );
}
