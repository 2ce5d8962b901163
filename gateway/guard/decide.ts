import type { GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { AccessRule } from '../../planning/access-rules.ts';
import type { AccessDecision } from '../execution/access-decision.ts';
import type { GuardedField, GuardedOperation } from './guarded-operation.ts';

/** Decisions on one operation that are kept. Each has plans of its own. */
const MOST_DECISIONS = 64;

/** Decides on one operation: the same decision for all by whom the same rules are met. */
export type Decide = (isMet: (rule: AccessRule) => boolean) => AccessDecision;

/** Makes the function that decides. @param toVisible what introspection shows, when these rules do not hold */
export function createDecide(
  { rules, fields }: GuardedOperation,
  toVisible: ((unmet: readonly AccessRule[]) => GraphQLSchema) | undefined,
): Decide {
  const known = new LRUCache<string, AccessDecision>({ max: MOST_DECISIONS });

  return (isMet) => {
    // On the way of every request for something guarded.
    let outcome = '';
    for (const rule of rules) outcome += isMet(rule) ? '+' : '-';
    let decision = known.get(outcome);
    if (decision === undefined) {
      decision = toDecision(outcome);
      known.set(outcome, decision);
    }
    return decision;
  };

  function toDecision(outcome: string): AccessDecision {
    const isUnmet = (place: number) => outcome[place] === '-';
    const refused = fields.filter((field) => field.rules.some(isUnmet));
    const unmet = rules.filter((_, place) => isUnmet(place));
    const told = refused.map((field) =>
      explain(
        field,
        field.rules.filter(isUnmet).map((place) => rules[place]),
      ),
    );
    return {
      key: JSON.stringify(refused.map(({ place }, index) => [place, told[index]])),
      refused: new Map(refused.map(({ node }, index) => [node, told[index] ?? ''])),
      unmet,
      visible: toVisible?.(unmet),
    };
  }
}

/** The names of policies are the operator's business; scopes are told, so that a client can ask for a token that has them (RFC 6750, 3). */
function explain({ coordinate }: GuardedField, unmet: readonly (AccessRule | undefined)[]): string {
  const reasons = unmet.map((rule) => {
    switch (rule?.directive) {
      case 'authenticated':
        return 'it needs an authenticated caller';
      case 'requiresScopes':
        return `it needs a token with the ${toWords(rule)}`;
      default:
        return 'a policy does not allow it';
    }
  });
  return `${coordinate} is not for you: ${reasons.join('; ')}.`;
}

function toWords({ anyOf }: AccessRule): string {
  const scopes = anyOf.map((names) => names.join(' and ')).join(', or ');
  return anyOf.flat().length === 1 ? `scope ${scopes}` : `scopes ${scopes}`;
}
